// The mail worker as a program of its own, for tests; the server runs the same function as `torg worker eml`.
#include "records/mail/mail_reader.hpp"

#include <unistd.h>

int main() { ::_exit(torg::records::run_mail_worker()); }
