// matrix-js-sdk tells its life on the console; import this before it.
for (const level of ["trace", "debug", "log", "info", "warn", "error"]) console[level] = () => {};
