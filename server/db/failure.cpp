#include "db/database.hpp"

namespace torg::db {

Error to_error(Failure const& failure) {
  switch (failure.code()) {
    case ErrorCode::conflict:
      return {ErrorCode::conflict, "Somebody else changed this at the same moment. Look again and retry.",
              failure.what()};
    case ErrorCode::storage_full:
      return {ErrorCode::storage_full, "The server's storage is full. Nothing was saved.", failure.what()};
    case ErrorCode::unavailable:
      return {ErrorCode::unavailable, "The database does not answer right now. Try again later.",
              failure.what()};
    default:
      return {failure.code(), "Something went wrong on the server. Nothing was saved.", failure.what()};
  }
}

}  // namespace torg::db
