// The picture worker as a program of its own, for tests.
#include "matrix/media/picture/worker.hpp"

#include <unistd.h>

int main(int argc, char** argv) { ::_exit(torg::matrix::run_picture_worker(argc == 2 ? argv[1] : "")); }
