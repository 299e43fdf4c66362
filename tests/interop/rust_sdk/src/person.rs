//! A signed-in client with its store in a folder of its own, synced by the SDK's own services.

use std::{path::Path, time::Duration};

use anyhow::{Context, Result, bail};
use matrix_sdk::{
    Client, Room, RoomState,
    encryption::{BackupDownloadStrategy, EncryptionSettings},
    ruma::{
        RoomId, UserId,
        api::client::room::create_room::v3::Request as CreateRoom,
        events::{
            InitialStateEvent, room::encryption::RoomEncryptionEventContent,
            room::message::RoomMessageEventContent,
        },
    },
    sliding_sync::{Version, VersionBuilder},
};
use matrix_sdk_ui::{
    sync_service::SyncService,
    timeline::{RoomExt, Timeline},
};

const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(50);

#[derive(Clone)]
pub struct Account {
    pub user_id: String,
    pub password: String,
}

pub struct Person {
    pub client: Client,
    pub sync: SyncService,
}

impl Person {
    /// Signs in on a new device; the server must offer sliding sync by itself.
    pub async fn sign_in(url: &str, account: &Account, store: &Path) -> Result<Self> {
        let client = Client::builder()
            .homeserver_url(url)
            .sqlite_store(store, None)
            .sliding_sync_version_builder(VersionBuilder::DiscoverNative)
            .with_encryption_settings(EncryptionSettings {
                auto_enable_cross_signing: true,
                auto_enable_backups: false,
                backup_download_strategy: BackupDownloadStrategy::AfterDecryptionFailure,
            })
            .build()
            .await?;
        if !matches!(client.sliding_sync_version(), Version::Native) {
            bail!("the server doesn't offer sliding sync");
        }
        client
            .matrix_auth()
            .login_username(&account.user_id, &account.password)
            .initial_device_display_name("matrix-rust-sdk")
            .send()
            .await?;
        client.encryption().wait_for_e2ee_initialization_tasks().await;
        let sync = SyncService::builder(client.clone()).build().await?;
        sync.start().await;
        Ok(Self { client, sync })
    }

    pub fn id(&self) -> &UserId {
        self.client.user_id().expect("signed in")
    }

    /// Makes a room and invites somebody.
    pub async fn invite_to_new_room(&self, name: &str, encrypted: bool, guest: &UserId) -> Result<Room> {
        let mut request = CreateRoom::new();
        request.name = Some(name.to_owned());
        request.invite = vec![guest.to_owned()];
        if encrypted {
            let content = RoomEncryptionEventContent::with_recommended_defaults();
            request.initial_state = vec![InitialStateEvent::with_empty_state_key(content).to_raw_any()];
        }
        Ok(self.client.create_room(request).await?)
    }

    /// The room, once the sync has brought it in this state.
    pub async fn room(&self, id: &RoomId, state: RoomState) -> Result<Room> {
        until("a room", || async {
            self.client.get_room(id).filter(|room| room.state() == state)
        })
        .await
    }

    /// Opens a room as a client's window does: subscribed to, with a timeline.
    pub async fn open(&self, id: &RoomId) -> Result<Timeline> {
        self.sync.room_list_service().subscribe_to_rooms(&[id]).await;
        let room = self.client.get_room(id).context("no such room")?;
        Ok(room.timeline().await?)
    }
}

pub async fn say(room: &Room, text: &str) -> Result<()> {
    room.send(RoomMessageEventContent::text_plain(text)).await?;
    Ok(())
}

pub async fn texts(timeline: &Timeline) -> Vec<String> {
    let items = timeline.items().await;
    items
        .iter()
        .filter_map(|item| Some(item.as_event()?.content().as_message()?.body().to_owned()))
        .collect()
}

/// Waits for a text in a timeline.
pub async fn hear(timeline: &Timeline, text: &str) -> Result<()> {
    until(text, || async {
        texts(timeline).await.iter().any(|said| said == text).then_some(())
    })
    .await
}

/// Asks again and again, for a minute at most.
pub async fn until<T, F>(what: &str, probe: impl Fn() -> F) -> Result<T>
where
    F: Future<Output = Option<T>>,
{
    let ask = async {
        loop {
            if let Some(value) = probe().await {
                return value;
            }
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::time::timeout(PATIENCE, ask).await.with_context(|| format!("not seen: {what}"))
}
