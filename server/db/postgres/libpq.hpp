#pragma once
#include "base/result.hpp"

#include <memory>
#include <postgresql/libpq-fe.h>

namespace torg::db {

/// The functions of libpq that we use, found at run time: a server on SQLite must not pay for libpq and what
/// it pulls in (LDAP, Kerberos), and need not have it installed.
struct Libpq {
  decltype(&::PQconnectdbParams) connect;
  decltype(&::PQfinish) finish;
  decltype(&::PQstatus) status;
  decltype(&::PQtransactionStatus) transaction_status;
  decltype(&::PQerrorMessage) error_message;
  decltype(&::PQsetNoticeProcessor) set_notice_processor;
  decltype(&::PQexec) exec;
  decltype(&::PQprepare) prepare;
  decltype(&::PQexecPrepared) exec_prepared;
  decltype(&::PQresultStatus) result_status;
  decltype(&::PQresultErrorField) result_error_field;
  decltype(&::PQcmdStatus) command_status;
  decltype(&::PQcmdTuples) command_tuples;
  decltype(&::PQntuples) row_count;
  decltype(&::PQftype) column_type;
  decltype(&::PQgetisnull) is_null;
  decltype(&::PQgetvalue) value;
  decltype(&::PQgetlength) length;
  decltype(&::PQclear) clear;
};

/// Loads `libpq.so.5`; it stays loaded until the program ends.
[[nodiscard]] Result<std::shared_ptr<Libpq const>> load_libpq();

}  // namespace torg::db
