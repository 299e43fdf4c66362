#include "records/register/migrations/migrations.hpp"

namespace torg::records {
namespace {

// register_record: as registered; `corrected` holds what corrections put in its place, and publication,
// case_id, search and rendition follow what was decided later. register_correction is the history of all
// that. Days are days since 1970-01-01. A record without attachments has no row in register_file: its one
// file is the manifest.
constexpr db::Migration kMigrations[] = {
    {"register", 1, R"sql(
CREATE TABLE register_series (
  authority {id},
  pattern TEXT NOT NULL
);
CREATE TABLE register_counter (
  authority BIGINT NOT NULL,
  year BIGINT NOT NULL,
  next BIGINT NOT NULL,
  PRIMARY KEY (authority, year)
){rowless};
CREATE TABLE register_case (
  id {id},
  authority BIGINT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  year BIGINT NOT NULL,
  title TEXT NOT NULL,
  public_title TEXT,
  classification TEXT NOT NULL,
  opened_at BIGINT NOT NULL,
  opened_day BIGINT NOT NULL,
  opened_by BIGINT NOT NULL,
  closed_day BIGINT,
  next_document BIGINT NOT NULL,
  search TEXT NOT NULL
);
CREATE INDEX register_case_authority ON register_case (authority, opened_day);
CREATE TABLE register_record (
  id {id},
  authority BIGINT NOT NULL,
  case_id BIGINT,
  year BIGINT NOT NULL,
  document BIGINT NOT NULL,
  number TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  internal_title TEXT NOT NULL,
  direction BIGINT NOT NULL,
  sender TEXT NOT NULL,
  recipient TEXT NOT NULL,
  private_person BIGINT NOT NULL,
  day BIGINT NOT NULL,
  registered_at BIGINT NOT NULL,
  registered_day BIGINT NOT NULL,
  registered_by BIGINT NOT NULL,
  classification TEXT NOT NULL,
  record_type TEXT NOT NULL,
  secrecy TEXT,
  room BIGINT NOT NULL,
  items TEXT NOT NULL,
  manifest_hash TEXT NOT NULL,
  manifest_size BIGINT NOT NULL,
  log_index BIGINT NOT NULL,
  corrected TEXT,
  publication BIGINT NOT NULL,
  public_title TEXT,
  checked_at BIGINT,
  rendition BIGINT NOT NULL,
  disposed BIGINT NOT NULL,
  search TEXT NOT NULL
);
CREATE INDEX register_record_case ON register_record (case_id, document);
CREATE INDEX register_record_day ON register_record (authority, registered_day);
CREATE INDEX register_record_waiting ON register_record (authority, id) WHERE publication = 0;
CREATE TABLE register_manifest (
  record {id},
  manifest TEXT NOT NULL
);
CREATE TABLE register_file (
  record BIGINT NOT NULL,
  n BIGINT NOT NULL,
  role BIGINT NOT NULL,
  name TEXT NOT NULL,
  type TEXT NOT NULL,
  size BIGINT NOT NULL,
  blob TEXT NOT NULL,
  PRIMARY KEY (record, n)
){rowless};
CREATE INDEX register_file_blob ON register_file (blob);
CREATE TABLE register_correction (
  id {id},
  record BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_user BIGINT NOT NULL,
  field TEXT NOT NULL,
  old_value TEXT NOT NULL,
  new_value TEXT NOT NULL,
  reason TEXT NOT NULL,
  log_index BIGINT NOT NULL
);
CREATE INDEX register_correction_record ON register_correction (record);
)sql"},
    // Full-text index of what the web shows. The database itself
    // keeps it beside the column, in the same transaction: publishing,
    // withdrawing and disposing can't forget it. SQLite keeps the words
    // only; the signs of ASCII separate words on both.
    {"register", 2, R"sql(
{sqlite}CREATE VIRTUAL TABLE register_search USING fts5(search, content='register_record', content_rowid='id',
{sqlite}  tokenize="unicode61 remove_diacritics 0");
{sqlite}INSERT INTO register_search (register_search, rank) VALUES ('secure-delete', 1);
{sqlite}INSERT INTO register_search (register_search) VALUES ('rebuild');
{sqlite}CREATE TRIGGER register_search_added AFTER INSERT ON register_record BEGIN
{sqlite}  INSERT INTO register_search (rowid, search) VALUES (new.id, new.search); END;
{sqlite}CREATE TRIGGER register_search_changed AFTER UPDATE OF search ON register_record BEGIN
{sqlite}  INSERT INTO register_search (register_search, rowid, search) VALUES ('delete', old.id, old.search);
{sqlite}  INSERT INTO register_search (rowid, search) VALUES (new.id, new.search); END;
{postgresql}ALTER TABLE register_record ADD COLUMN words TSVECTOR GENERATED ALWAYS AS
{postgresql}  (to_tsvector('simple', regexp_replace(search, '[!-/:-@[-`{-~]+', ' ', 'g'))) STORED;
{postgresql}CREATE INDEX register_record_words ON register_record USING GIN (words);
)sql"},
    // What a case is besides its documents. A change is a row of
    // register_case_event with the old value; relations are never deleted,
    // only ended.
    {"register", 3, R"sql(
ALTER TABLE register_case ADD COLUMN state BIGINT NOT NULL DEFAULT 0;
ALTER TABLE register_case ADD COLUMN officer BIGINT NOT NULL DEFAULT 0;
ALTER TABLE register_case ADD COLUMN unit TEXT NOT NULL DEFAULT '';
ALTER TABLE register_case ADD COLUMN deadline BIGINT;
ALTER TABLE register_case ADD COLUMN parallel TEXT NOT NULL DEFAULT '[]';
UPDATE register_case SET state = 3 WHERE closed_day IS NOT NULL;
CREATE TABLE register_case_event (
  id {id},
  case_id BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_user BIGINT NOT NULL,
  field TEXT NOT NULL,
  old_value TEXT NOT NULL,
  new_value TEXT NOT NULL,
  reason TEXT NOT NULL
);
CREATE INDEX register_case_event_case ON register_case_event (case_id);
CREATE TABLE register_relation (
  id {id},
  subject_kind BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  kind BIGINT NOT NULL,
  object BIGINT NOT NULL,
  at BIGINT NOT NULL,
  by_user BIGINT NOT NULL,
  ended_at BIGINT,
  ended_by BIGINT,
  reason TEXT NOT NULL
);
CREATE INDEX register_relation_subject ON register_relation (subject_kind, subject);
CREATE INDEX register_relation_object ON register_relation (subject_kind, object);
)sql"},
    // Full-text index of all that the register's own people may read.
    // `facets` are tokens that narrow a search (staff_text.hpp). Rows of
    // before are written by the server's next start, downward from
    // register_reindex.
    {"register", 4, R"sql(
CREATE TABLE register_text (
  record {id},
  words TEXT NOT NULL,
  facets TEXT NOT NULL
);
CREATE TABLE register_reindex (
  left_below BIGINT NOT NULL
);
INSERT INTO register_reindex (left_below) SELECT COALESCE(MAX(id), 0) + 1 FROM register_record;
{sqlite}CREATE VIRTUAL TABLE register_staff_search USING fts5(words, facets, content='register_text',
{sqlite}  content_rowid='record', prefix='3', tokenize="stems swedish english unicode61 remove_diacritics 0");
{sqlite}INSERT INTO register_staff_search (register_staff_search, rank) VALUES ('secure-delete', 1);
{sqlite}CREATE VIRTUAL TABLE register_vocabulary USING fts5vocab(register_staff_search, instance);
{sqlite}CREATE TRIGGER register_text_added AFTER INSERT ON register_text BEGIN
{sqlite}  INSERT INTO register_staff_search (rowid, words, facets) VALUES (new.record, new.words, new.facets); END;
{sqlite}CREATE TRIGGER register_text_changed AFTER UPDATE ON register_text BEGIN
{sqlite}  INSERT INTO register_staff_search (register_staff_search, rowid, words, facets)
{sqlite}  VALUES ('delete', old.record, old.words, old.facets);
{sqlite}  INSERT INTO register_staff_search (rowid, words, facets) VALUES (new.record, new.words, new.facets); END;
{postgresql}ALTER TABLE register_text ADD COLUMN words_index TSVECTOR GENERATED ALWAYS AS
{postgresql}  (to_tsvector('simple', words) || to_tsvector('swedish', words) || to_tsvector('english', words)) STORED;
{postgresql}ALTER TABLE register_text ADD COLUMN facets_index TSVECTOR GENERATED ALWAYS AS
{postgresql}  (to_tsvector('simple', facets)) STORED;
{postgresql}CREATE INDEX register_text_index ON register_text USING GIN (words_index, facets_index);
CREATE TABLE register_saved_search (
  id {id},
  user_nid BIGINT NOT NULL,
  name TEXT NOT NULL,
  query TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE INDEX register_saved_search_user ON register_saved_search (user_nid);
)sql"},
    // Several series of an authority. A case keeps the series it was opened
    // in and its pattern, so that its documents go on as they began.
    {"register", 5, R"sql(
CREATE TABLE register_number_series (
  authority BIGINT NOT NULL,
  n BIGINT NOT NULL,
  name_sv TEXT NOT NULL,
  name_en TEXT NOT NULL,
  pattern TEXT NOT NULL,
  record_types TEXT NOT NULL,
  retired BIGINT NOT NULL,
  PRIMARY KEY (authority, n)
){rowless};
INSERT INTO register_number_series (authority, n, name_sv, name_en, pattern, record_types, retired)
  SELECT authority, 0, 'Diarium', 'Register', pattern, '[]', 0 FROM register_series;
DROP TABLE register_series;
CREATE TABLE register_serial (
  authority BIGINT NOT NULL,
  n BIGINT NOT NULL,
  year BIGINT NOT NULL,
  next BIGINT NOT NULL,
  PRIMARY KEY (authority, n, year)
){rowless};
INSERT INTO register_serial (authority, n, year, next) SELECT authority, 0, year, next FROM register_counter;
DROP TABLE register_counter;
ALTER TABLE register_case ADD COLUMN series BIGINT NOT NULL DEFAULT 0;
ALTER TABLE register_case ADD COLUMN pattern TEXT NOT NULL DEFAULT '';
)sql"},
    // Markings of cases (kind 0, n 0) and of files (kind 1, subject a
    // record); a record's own is a column of it. Ended, never changed.
    {"secrecy", 1, R"sql(
CREATE TABLE secrecy_mark (
  nid {id},
  kind BIGINT NOT NULL,
  subject BIGINT NOT NULL,
  n BIGINT NOT NULL,
  marking TEXT NOT NULL,
  at BIGINT NOT NULL,
  by_user BIGINT NOT NULL,
  ended_at BIGINT,
  ended_by BIGINT,
  reason TEXT NOT NULL
);
CREATE UNIQUE INDEX secrecy_mark_open ON secrecy_mark (kind, subject, n) WHERE ended_at IS NULL;
CREATE INDEX secrecy_mark_subject ON secrecy_mark (kind, subject);
)sql"}};

}  // namespace

std::span<db::Migration const> register_migrations() { return kMigrations; }

}  // namespace torg::records
