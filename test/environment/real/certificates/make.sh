#!/bin/sh
# Makes the certificates of the TLS tests anew (openssl 3). They are good for a hundred years but for `expired`.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

new_key() { openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$1.key"; }
certificate() { # name, extension, first day, last day, how it is signed...
  name=$1 from=$3 to=$4
  new_key "$name"
  openssl req -new -key "$name.key" -subj "/CN=$name" -out "$work/$name.csr"
  echo "$2" > "$work/extensions"
  shift 4
  openssl ca -batch -config "$work/ca.cnf" "$@" -in "$work/$name.csr" -out "$name.pem" \
    -startdate "$from" -enddate "$to" -extfile "$work/extensions" -notext 2> /dev/null
}
self_signed() { certificate "$1" basicConstraints=CA:TRUE 20250101000000Z 21250101000000Z -selfsign -keyfile "$1.key"; }
signed() { certificate "$1" "subjectAltName=$2" "$3" "$4" -cert authority.pem -keyfile authority.key; }

: > "$work/index"
echo 01 > "$work/serial"
cat > "$work/ca.cnf" << CONFIG
[ca]
default_ca = here
[here]
database = $work/index
serial = $work/serial
new_certs_dir = $work
default_md = sha256
policy = names
[names]
commonName = supplied
CONFIG
self_signed authority
self_signed stranger
signed broker DNS:localhost,DNS:broker.test,IP:127.0.0.1 20250101000000Z 21250101000000Z
signed elsewhere DNS:elsewhere.test 20250101000000Z 21250101000000Z
signed expired DNS:localhost,IP:127.0.0.1 20200101000000Z 20200201000000Z
signed client DNS:client 20250101000000Z 21250101000000Z
openssl pkcs12 -export -in client.pem -inkey client.key -passout pass:secret -out client.p12
openssl pkcs12 -export -legacy -in client.pem -inkey client.key -passout pass:secret -out client-old.p12
rm authority.key
