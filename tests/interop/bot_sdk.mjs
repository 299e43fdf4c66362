// matrix-bot-sdk without its encryption: that is a native library which its installer downloads from elsewhere, and
// encryption is tested with matrix-js-sdk. Whatever is taken from it here is an empty class.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const native = require.resolve("@matrix-org/matrix-sdk-crypto-nodejs");
require.cache[native] = { id: native, filename: native, loaded: true, exports: new Proxy({}, { get: () => class {} }) };

export const sdk = require("matrix-bot-sdk");
sdk.LogService.setLevel(sdk.LogLevel.fromString("error"));
sdk.LogService.setLogger({ trace() {}, debug() {}, info() {}, warn() {}, error() {} });
