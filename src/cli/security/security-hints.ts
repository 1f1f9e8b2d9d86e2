import type { SecurityProblem } from '../../model/errors.js';

/** What to look at, in both places where security is configured. */
export const securityHints: Readonly<Record<SecurityProblem, string>> = {
  'authority-not-trusted': 'trust its authority: ssl.truststore.location in client.properties, tls.ca in a context',
  'certificate-out-of-date': "the broker needs another certificate, unless this machine's clock is wrong",
  'certificate-of-another-host': 'use an address that the certificate names; Kafka tells clients the one in advertised.listeners',
  'client-certificate-refused': 'is it in force, and signed by an authority that the broker trusts?',
  'client-certificate-unusable':
    'check ssl.keystore.* and ssl.key.password in client.properties, tls.certificate, key and keyPassword in a context',
  'client-certificate-wanted': 'give one: ssl.keystore.location in client.properties, tls.certificate in a context',
  'credentials-refused': 'check who you are: sasl.mechanism and sasl.jaas.config in client.properties, sasl in a context',
  'mechanism-not-offered': 'choose another: sasl.mechanism in client.properties, sasl.mechanism in a context',
  'sasl-not-wanted': 'use another port, or no SASL: security.protocol in client.properties, sasl in a context',
  'sasl-wanted': 'if so, say who you are: security.protocol and sasl.* in client.properties, sasl in a context',
  'tls-not-spoken': 'use another port, or no TLS: security.protocol in client.properties, tls in a context',
  'tls-wanted': 'if it wants TLS: security.protocol=SSL or SASL_SSL in client.properties, tls in a context',
};

/** Of answers that say that we may not. */
export const PERMISSION_HINT = 'an ACL that allows it is missing for this user, or one denies it';
