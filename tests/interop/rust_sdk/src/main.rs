//! Two people with matrix-rust-sdk, as Element X uses it: sliding sync and nothing else. Prints TAP; the exit status
//! is 1 if a step failed.

#![recursion_limit = "256"]

mod person;

use std::{env, path::PathBuf, process::ExitCode};

use anyhow::{Context, Result, ensure};
use matrix_sdk::{RoomState, ruma::OwnedRoomId};
use matrix_sdk_ui::room_list_service::RoomListLoadingState;
use person::{Account, Person, hear, say, texts, until};

const MANY_ROOMS: usize = 30;

struct World {
    url: String,
    alice: Account,
    bob: Account,
    stores: PathBuf,
}

impl World {
    fn from_environment() -> Result<Self> {
        let read = |name: &str| env::var(name).with_context(|| format!("{name} is not set"));
        let account = |name: &str| -> Result<Account> {
            let user_id = read(&format!("{name}_ID"))?;
            Ok(Account { user_id, password: read(&format!("{name}_PASSWORD"))? })
        };
        Ok(Self {
            url: read("INTEROP_URL")?,
            alice: account("ALICE")?,
            bob: account("BOB")?,
            stores: read("INTEROP_FOLDER")?.into(),
        })
    }

    async fn sign_in(&self, account: &Account, device: &str) -> Result<Person> {
        Person::sign_in(&self.url, account, &self.stores.join(device)).await
    }
}

/// An invitation, its acceptance, and a word each way; also that a room is left again.
async fn converse(alice: &Person, bob: &Person, encrypted: bool) -> Result<OwnedRoomId> {
    let name = if encrypted { "Sekretess" } else { "Öppet" };
    let made = alice.invite_to_new_room(name, encrypted, bob.id()).await?;
    let id = made.room_id().to_owned();
    bob.room(&id, RoomState::Invited).await?.join().await?;
    let of_bob = bob.room(&id, RoomState::Joined).await?;
    let of_alice = alice.room(&id, RoomState::Joined).await?;
    let called = until("the room's name", || async { of_bob.cached_display_name() }).await?;
    ensure!(called.to_string() == name, "the room is called {called}");
    ensure!(of_bob.latest_encryption_state().await?.is_encrypted() == encrypted, "encryption is not what was asked for");
    let (at_alice, at_bob) = (alice.open(&id).await?, bob.open(&id).await?);
    until("both members", || async { (of_alice.joined_members_count() == 2).then_some(()) }).await?;
    say(&of_alice, "Hör du mig?").await?;
    hear(&at_bob, "Hör du mig?").await?;
    say(&of_bob, "Ja, tydligt.").await?;
    hear(&at_alice, "Ja, tydligt.").await?;
    Ok(id)
}

async fn leave_a_room(alice: &Person, bob: &Person) -> Result<()> {
    let made = alice.invite_to_new_room("Kort besök", false, bob.id()).await?;
    let id = made.room_id().to_owned();
    bob.room(&id, RoomState::Invited).await?.join().await?;
    let room = bob.room(&id, RoomState::Joined).await?;
    room.leave().await?;
    bob.room(&id, RoomState::Left).await?;
    let second = alice.invite_to_new_room("Ovälkommen", false, bob.id()).await?;
    bob.room(second.room_id(), RoomState::Invited).await?.join().await?;
    bob.room(second.room_id(), RoomState::Joined).await?;
    second.kick_user(bob.id(), Some("fel rum")).await?;
    bob.room(second.room_id(), RoomState::Left).await?;
    Ok(())
}

async fn grow_the_list(alice: &Person) -> Result<()> {
    for number in 0..MANY_ROOMS {
        let mut request = matrix_sdk::ruma::api::client::room::create_room::v3::Request::new();
        request.name = Some(format!("Rum {number}"));
        alice.client.create_room(request).await?;
    }
    let list = alice.sync.room_list_service().all_rooms().await?;
    let loading = list.loading_state();
    until("all rooms in the list", || async {
        let known = match loading.get() {
            RoomListLoadingState::Loaded { maximum_number_of_rooms } => maximum_number_of_rooms.unwrap_or(0),
            RoomListLoadingState::NotLoaded => 0,
        };
        let named = alice.client.joined_rooms().iter().filter(|room| room.name().is_some()).count();
        (known as usize >= MANY_ROOMS && named >= MANY_ROOMS).then_some(())
    })
    .await
}

/// A new device reads what was said before, with the keys from the backup.
async fn come_back(world: &World, bob: &Person, id: &OwnedRoomId) -> Result<()> {
    let key = bob.client.encryption().recovery().enable().wait_for_backups_to_upload().await?;
    let again = world.sign_in(&world.bob, "bob-again").await?;
    again.client.encryption().recovery().recover(&key).await?;
    again.room(id, RoomState::Joined).await?;
    let timeline = again.open(id).await?;
    for said in ["Hör du mig?", "Ja, tydligt."] {
        until(said, || async {
            let found = texts(&timeline).await.iter().any(|text| text == said);
            if !found {
                // Until the room's first page has come there is nothing to page from.
                let _ = timeline.paginate_backwards(20).await;
            }
            found.then_some(())
        })
        .await?;
    }
    again.sync.stop().await;
    Ok(())
}

/// After a stop the client goes on from where it was, or from the start; it misses nothing.
async fn sleep_and_wake(alice: &Person, bob: &Person, id: &OwnedRoomId) -> Result<()> {
    bob.sync.stop().await;
    let room = alice.room(id, RoomState::Joined).await?;
    for number in 0..25 {
        say(&room, &format!("medan du sov {number}")).await?;
    }
    bob.sync.start().await;
    let timeline = bob.open(id).await?;
    hear(&timeline, "medan du sov 24").await?;
    until("what lies in the gap", || async {
        let _ = timeline.paginate_backwards(20).await;
        texts(&timeline).await.iter().any(|text| text == "medan du sov 0").then_some(())
    })
    .await
}

struct Report {
    number: usize,
    failed: bool,
}

impl Report {
    fn step<T>(&mut self, what: &str, result: Result<T>) -> Option<T> {
        self.number += 1;
        match result {
            Ok(value) => {
                println!("ok {} - {what}", self.number);
                Some(value)
            }
            Err(error) => {
                self.failed = true;
                println!("not ok {} - {what}\n# {error:#}", self.number);
                None
            }
        }
    }
}

async fn run(report: &mut Report) -> Option<()> {
    let world = report.step("the surroundings are known", World::from_environment())?;
    let alice = report.step("signs in, sliding sync found", world.sign_in(&world.alice, "alice").await)?;
    let bob = report.step("so does the other", world.sign_in(&world.bob, "bob").await)?;
    let open = report.step("a conversation", converse(&alice, &bob, false).await);
    let secret = report.step("an encrypted conversation", converse(&alice, &bob, true).await);
    report.step("leaving and being sent away", leave_a_room(&alice, &bob).await);
    report.step("a list that grows to all rooms", grow_the_list(&alice).await);
    if let Some(id) = open {
        report.step("nothing is missed while asleep", sleep_and_wake(&alice, &bob, &id).await);
    }
    if let Some(id) = secret {
        report.step("history on a new device", come_back(&world, &bob, &id).await);
    }
    alice.sync.stop().await;
    bob.sync.stop().await;
    Some(())
}

#[tokio::main]
async fn main() -> ExitCode {
    let mut report = Report { number: 0, failed: false };
    run(&mut report).await;
    println!("1..{}", report.number);
    if report.failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}
