import { maskSecrets } from './maskSecrets';

describe('maskSecrets', () => {
  it.each([
    ['pulled oci://ada:hunter2@registry/charts', 'hunter2'],
    ['Authorization: Bearer eyJhbGciOi.J9.x-y', 'eyJhbGciOi.J9.x-y'],
    ['authorization: basic YWRhOmh1bnRlcjI=', 'YWRhOmh1bnRlcjI='],
    ['--set password=hunter2,global.tag=1', 'hunter2'],
    ['{"apiKey": "hunter2", "a": 1}', 'hunter2'],
    ["token: 'hunter2 and more'", 'hunter2 and more'],
  ])('hides the secret of %j', (line, secret) => {
    expect(line).toContain(secret);
    expect(maskSecrets(line)).not.toContain(secret);
  });

  it.each([
    'Release "istiod" has been upgraded. Happy Helming!',
    'Pulled: 127.0.0.1:5000/charts/istiod:1.30.3',
    'Error: UPGRADE FAILED: secrets "x" is forbidden',
  ])('leaves %j as it is', line => {
    expect(maskSecrets(line)).toBe(line);
  });
});
