// The worker that reads web pages as a program of its own, for tests.
#include "matrix/media/preview/page.hpp"

#include <unistd.h>

int main(int argc, char** argv) { ::_exit(torg::matrix::run_page_worker(argc == 2 ? argv[1] : "")); }
