// Fails the build when what every page must load grows past its budget: 180 kB of compressed JavaScript. Of the two
// languages a page loads one; the larger counts.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const budget = 180_000;
const html = readFileSync('dist/index.html', 'utf8');
const size = (file) => gzipSync(readFileSync(`dist/assets/${file}`), { level: 9 }).length;
const all = readdirSync('dist/assets').filter((file) => file.endsWith('.js'));
// Of the two catalogues a page loads the one in use: the larger counts.
const catalogues = all.filter((file) => /^(sv|en)-/.test(file)).sort((a, b) => size(b) - size(a));
const shell = [...all.filter((file) => html.includes(file)), ...catalogues.slice(0, 1)];
const total = shell.reduce((sum, file) => sum + size(file), 0);
for (const file of all) console.log(`${String(size(file)).padStart(7)} ${shell.includes(file) ? 'shell' : 'later'} ${file}`);
console.log(`${total} bytes of ${budget} in the shell`);
if (total > budget) process.exit(1);
