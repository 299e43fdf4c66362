#!/bin/sh
# Starts Torg as Complement wants a homeserver. Runs again after each stop: /data persists.
set -eu

if [ ! -x "${TORG_BINARY:-}" ]; then
  echo "TORG_BINARY must name the program, by an absolute path outside /tmp and /run: '${TORG_BINARY:-}'" >&2
  exit 2
fi
cd /data
if [ ! -f tls.crt ]; then
  # A certificate for our name, from the CA that Complement laid in /complement/ca.
  echo "subjectAltName=DNS:$SERVER_NAME" >tls.ext
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout tls.key -subj "/CN=$SERVER_NAME" -out tls.csr
  openssl x509 -req -in tls.csr -CA /complement/ca/ca.crt -CAkey /complement/ca/ca.key -set_serial 1 -days 30 \
    -extfile tls.ext -out tls.crt
fi 2>openssl.log

# Passwords cost as little as libsodium allows: the suite registers hundreds of people.
exec "$TORG_BINARY" serve --data /data/torg --server-name "$SERVER_NAME" \
  --listen http://0.0.0.0:8008 --listen https://0.0.0.0:8448 \
  --set tls_certificate=/data/tls.crt --set tls_key=/data/tls.key \
  --set registration=open --set registration_shared_secret=complement --set rate_limits=off --set server_notices=_server --set password_length=1 \
  --set public_read_receipts=on --set body_mentions=on \
  --set profiles_need_sign_in=off --set user_directory_search_all=off --set unauthenticated_media=on \
  --set previews.enabled=on --set outbound_allowed_networks=172.16.0.0/12 \
  --set default_room_version=10 --set password_operations=1 --set password_memory_kib=8 --set "log_level=${TORG_LOG_LEVEL:-warning}"
