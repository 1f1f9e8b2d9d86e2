#!/bin/sh
# Stores that trust the authority of test/environment/real/certificates, as Java and OpenSSL have made them over the years; the password is
# `secret`. Run only to make others: the files are checked in.
set -eu
cd "$(dirname "$0")"
authority=../../../environment/real/certificates/authority.pem
rm -f ./*.p12 ./*.jks
import() {
  keytool -importcert -noprompt -alias authority -file $authority -storepass secret "$@"
}
import -keystore java.p12 -storetype PKCS12
import -keystore java-8.p12 -storetype PKCS12 -J-Dkeystore.pkcs12.legacy
import -keystore java.jks -storetype JKS
openssl pkcs12 -export -nokeys -in $authority -passout pass:secret -out openssl.p12
openssl pkcs12 -export -nokeys -in $authority -passout pass:secret -certpbe PBE-SHA1-3DES -macalg sha1 -out triple-des.p12
openssl pkcs12 -export -nokeys -in $authority -passout pass:secret -certpbe AES-128-CBC -nomac -out no-mac.p12
