#include "db/postgres/libpq.hpp"

#include <dlfcn.h>

namespace torg::db {
namespace {

class Symbols {
 public:
  explicit Symbols(void* library) : library_(library) {}

  template <class Function>
  void find(Function& function, char const* name) {
    function = reinterpret_cast<Function>(::dlsym(library_, name));
    if (!function && missing_.empty()) missing_ = name;
  }
  std::string const& missing() const { return missing_; }

 private:
  void* library_;
  std::string missing_;
};

}  // namespace

Result<std::shared_ptr<Libpq const>> load_libpq() {
  auto* const library = ::dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return fail(ErrorCode::unavailable,
                "PostgreSQL's client library (libpq5) is not installed on this machine.", ::dlerror());
  auto pq = std::make_shared<Libpq>();
  Symbols symbols(library);
  symbols.find(pq->connect, "PQconnectdbParams");
  symbols.find(pq->finish, "PQfinish");
  symbols.find(pq->status, "PQstatus");
  symbols.find(pq->transaction_status, "PQtransactionStatus");
  symbols.find(pq->error_message, "PQerrorMessage");
  symbols.find(pq->set_notice_processor, "PQsetNoticeProcessor");
  symbols.find(pq->exec, "PQexec");
  symbols.find(pq->prepare, "PQprepare");
  symbols.find(pq->exec_prepared, "PQexecPrepared");
  symbols.find(pq->result_status, "PQresultStatus");
  symbols.find(pq->result_error_field, "PQresultErrorField");
  symbols.find(pq->command_status, "PQcmdStatus");
  symbols.find(pq->command_tuples, "PQcmdTuples");
  symbols.find(pq->row_count, "PQntuples");
  symbols.find(pq->column_type, "PQftype");
  symbols.find(pq->is_null, "PQgetisnull");
  symbols.find(pq->value, "PQgetvalue");
  symbols.find(pq->length, "PQgetlength");
  symbols.find(pq->clear, "PQclear");
  if (!symbols.missing().empty())
    return fail(ErrorCode::unavailable, "PostgreSQL's client library (libpq5) is too old.",
                "libpq lacks " + symbols.missing());
  return pq;
}

}  // namespace torg::db
