// A stranger checks an entry's proof in the browser: whole, tampered with in every part, and without JavaScript.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertAccessible, picture, scene } from './browser.mjs';

let page;
let path;
let kept;

const section = () => page.locator('.proof');
const verdict = () => section().getByRole('status');
const holds = () => section().locator('[data-checks] li').evaluateAll((lines) => lines.map((line) => line.dataset.holds));

async function register(title) {
  const sandra = await stage.colleague('sandra.wiik');
  const draft = {
    title, internal_title: title, direction: 'in', sender: 'Länsstyrelsen', recipient: 'Kommunstyrelsen', private_person: false,
    came_or_made_day: new Date().toISOString().slice(0, 10), classification: '1.4.1', record_type: 'Skrivelse',
    case: { new: { title: `Ärende om ${title}` } }, secrecy: null,
  };
  const made = await sandra.call('POST', '/_torg/v1/manual', { key: title, kind: 'paper', authority: 'KS', draft, note: 'Brev', original_place: 'Pärm 1', assess: null });
  await sandra.call('POST', `/_torg/v1/records/${made.record.id}/publication`, { show: 'full' });
  return `/diarium/${made.number.replaceAll(/[ -]/g, '/')}`;
}

/** The proof as it comes, changed on the way to the browser. */
async function tampered(change) {
  await page.route('**/bevis.json', async (route) => {
    const proof = await (await route.fetch()).json();
    change(proof);
    await route.fulfill({ json: proof });
  });
}

async function check() {
  await section().getByRole('button', { name: 'Kontrollera i min webbläsare' }).click();
  await verdict().and(page.locator('[data-verdict]:not([data-verdict=""])')).waitFor();
}

const stage = scene(async () => {
  path = await register('Provtagning vid vallen');
  kept = await (await fetch(`${stage.url}/diarium/logg/huvud.json`)).json();
  await register('Provtagning vid bron');
  page = await stage.open();
});

test('a whole proof holds, in plain words for each thing that was checked', async () => {
  await page.goto(stage.url + path);
  await check();
  assert.match(await verdict().textContent(), /^(Beviset stämmer\.|Det som din webbläsare kan kontrollera stämmer\.)$/);
  const found = await holds();
  assert.equal(found.length, 4);
  assert.ok(!found.includes('false'), found.join());
  await assertAccessible(page, 'proof');
  await picture(page, 'proof');
});

test('a head that somebody kept shows that the log only grew since', async () => {
  await page.goto(stage.url + path);
  await section().getByLabel(/En signerad topp/).setInputFiles({ name: 'huvud.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(kept)) });
  await check();
  await section().getByText('har loggen bara vuxit').waitFor();
  assert.ok(!(await holds()).includes('false'));
});

test('a kept head of another history is refused', async () => {
  await page.goto(stage.url + path);
  const other = { ...kept, root: Buffer.alloc(32, 7).toString('base64').replace('=', '') };
  await section().getByLabel(/En signerad topp/).setInputFiles({ name: 'huvud.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(other)) });
  await check();
  await section().getByText('Loggen har skrivits om').waitFor();
  assert.match(await verdict().textContent(), /INTE/);
});

const forged = Buffer.alloc(64, 7).toString('base64').replaceAll('=', '');
const attacks = {
  'a changed title': [(proof) => { proof.entries[0].revealed.find(({ name }) => name === 'title').value = 'Något annat'; }, 'En uppgift som visas är inte'],
  'a changed time': [(proof) => { proof.entries[0].at -= 86_400_000; }, 'En post står inte på sin plats'],
  'another place': [(proof) => { proof.entries[0].index -= 1; }, 'En post står inte på sin plats'],
  'a changed commitment': [(proof) => { proof.entries[0].commitments.reverse(); }, 'En post står inte på sin plats'],
  'the proof of another entry': [(proof) => { for (const { revealed } of proof.entries) revealed.splice(0, revealed.length, ...revealed.filter(({ name }) => name !== 'number')); }, 'Nummer eller rubrik'],
  'a root that was made to fit nothing': [(proof) => { proof.head.root = forged.slice(0, 43); }, 'En post står inte på sin plats'],
};
for (const [name, [change, said]] of Object.entries(attacks)) {
  test(`${name} is refused`, async () => {
    await tampered(change);
    await page.goto(stage.url + path);
    await check();
    await section().getByText(said).waitFor();
    assert.match(await verdict().textContent(), /INTE/);
    await page.unroute('**/bevis.json');
  });
}

test('a forged signature is refused, or said to be beyond the browser', async () => {
  await tampered((proof) => { proof.head.signature = forged; });
  await page.goto(stage.url + path);
  await check();
  const found = await holds();
  assert.notEqual(found.at(-1), 'true');
  const hasEd25519 = await page.evaluate(() => crypto.subtle.generateKey('Ed25519', false, ['sign']).then(() => true, () => false));
  if (hasEd25519) assert.match(await verdict().textContent(), /INTE/);
  await page.unroute('**/bevis.json');
});

test('a proof that can’t be read is said to be unreadable', async () => {
  await page.route('**/bevis.json', (route) => route.fulfill({ status: 503, body: '{}' }));
  await page.goto(stage.url + path);
  await section().getByRole('button', { name: 'Kontrollera i min webbläsare' }).click();
  await section().getByText('Beviset gick inte att läsa').waitFor();
  await page.unroute('**/bevis.json');
});

test('without JavaScript the page says how to check, and gives the proof', async () => {
  const plain = await stage.open({ javaScript: false });
  await plain.goto(stage.url + path);
  await plain.getByText('Med JavaScript påslaget').waitFor();
  assert.equal(await plain.getByRole('button', { name: 'Kontrollera i min webbläsare' }).count(), 0);
  const href = await plain.getByRole('link', { name: 'Ladda ner beviset' }).getAttribute('href');
  assert.equal((await fetch(stage.url + href)).status, 200);
  await plain.getByRole('link', { name: 'Så kontrollerar du själv' }).click();
  await plain.getByRole('heading', { name: 'Vad ett bevis ur diariet visar' }).waitFor();
  await plain.finish();
});

test('the page for courts and journalists is there in both languages', async () => {
  await page.goto(`${stage.url}/diarium/om/bevis`);
  await page.getByRole('heading', { name: 'Vad ett bevis ur diariet visar' }).waitFor();
  await assertAccessible(page, 'bevis');
  await picture(page, 'bevis');
  await page.locator('header').getByRole('link', { name: 'English' }).click();
  await page.getByRole('heading', { name: 'What a proof from the register shows' }).waitFor();
  await assertAccessible(page, 'bevis-en');
});
