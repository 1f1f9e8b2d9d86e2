import { expect, it } from 'vitest';
import { parseJavaProperties } from '../../src/cli/java-properties.js';

const parse = (text: string) => Object.fromEntries(parseJavaProperties(text));

it('reads what java.util.Properties reads', () => {
  expect(
    parse(
      [
        '# comment',
        '  ! comment = too',
        '',
        'a=1',
        'b : 2',
        'c   3',
        '  d = four = 4  ',
        'long=one, \\',
        '     two, \\',
        '     three',
        'back\\=slash=C:\\\\x',
        'unicode=\\u00e9\\t|',
        'empty',
        'last=x\\\\',
      ].join('\r\n'),
    ),
  ).toEqual({
    a: '1',
    b: '2',
    c: '3',
    d: 'four = 4  ',
    long: 'one, two, three',
    'back=slash': 'C:\\x',
    unicode: 'é\t|',
    empty: '',
    last: 'x\\',
  });
});

it('keeps a JAAS entry whole', () => {
  const value = 'org.apache.kafka.common.security.plain.PlainLoginModule required username="me" password="a=b;c";';
  expect(parse(`sasl.jaas.config=${value}`)).toEqual({ 'sasl.jaas.config': value });
});
