#pragma once
#include "db/lane.hpp"

namespace torg::db {

/// What both databases share: all writing goes through one lane.
class LaneDatabase : public Database {
 public:
  void write_now(std::function<void(Transaction&)> work) override { lane_.write_now(work); }
  Result<> migrate(std::span<Migration const> migrations) override;
  Position last_position() const override { return lane_.last_position(); }
  Kind kind() const override { return kind_; }

 protected:
  LaneDatabase(Runtime& runtime, std::unique_ptr<Connection> writer, LaneThread thread)
      : kind_(writer->kind()), lane_(runtime, std::move(writer), thread) {
    lane_.load_position();
  }
  void submit(std::unique_ptr<Pending> pending) override { lane_.submit(std::move(pending)); }

  Kind const kind_;
  Lane lane_;
};

}  // namespace torg::db
