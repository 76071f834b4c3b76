import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cborDecode, type DataItem } from '@owf/mdoc';
import { checkSigned, namespacesOf, readIssuerSigned } from '../src/mdoc/issuer-signed.js';
import { deviceResponse } from '../src/mdoc/device-response.js';
import { generateKey } from '../src/keys/p256.js';

/** A driving licence that identity-service's own mdoc library signed, with its test issuer's key. */
const LICENCE =
  'ompuYW1lU3BhY2VzonFvcmcuaXNvLjE4MDEzLjUuMYfYGFhSpGhkaWdlc3RJRANmcmFuZG9tUOjEG_KR_Lw4a2YP6JDmCrlx' +
  'ZWxlbWVudElkZW50aWZpZXJrZmFtaWx5X25hbWVsZWxlbWVudFZhbHVlY-q5gNgYWFSkaGRpZ2VzdElEAmZyYW5kb21Qhuv5' +
  'YZSINoHFFPMh0bxM2HFlbGVtZW50SWRlbnRpZmllcmpnaXZlbl9uYW1lbGVsZW1lbnRWYWx1ZWbrp4jri7nYGFhbpGhkaWdl' +
  'c3RJRABmcmFuZG9tUAdtHOARmQXdzjI-lvRbfEtxZWxlbWVudElkZW50aWZpZXJqYmlydGhfZGF0ZWxlbGVtZW50VmFsdWXZ' +
  'A-xqMTk5MC0wMi0yONgYWE-kaGRpZ2VzdElEAWZyYW5kb21QnpqPbHrf8535dX3KFf0gS3FlbGVtZW50SWRlbnRpZmllcmth' +
  'Z2Vfb3Zlcl8xOGxlbGVtZW50VmFsdWX12BhYS6RoZGlnZXN0SUQFZnJhbmRvbVADC92h6ciTBkP6dfl5vVmdcWVsZW1lbnRJ' +
  'ZGVudGlmaWVyZmhlaWdodGxlbGVtZW50VmFsdWUYrNgYWE-kaGRpZ2VzdElEBmZyYW5kb21Q3EMCEo8BBQGzbe9cbA1vEnFl' +
  'bGVtZW50SWRlbnRpZmllcmhwb3J0cmFpdGxlbGVtZW50VmFsdWVDAQID2BhYdqRoZGlnZXN0SUQEZnJhbmRvbVBXfYY49H6Z' +
  '4BC8PG7c0Id4cWVsZW1lbnRJZGVudGlmaWVycmRyaXZpbmdfcHJpdmlsZWdlc2xlbGVtZW50VmFsdWWBomRzaWduYT11dmVo' +
  'aWNsZV9jYXRlZ29yeV9jb2RlYUJtY2l0eS5tYWRhbmcuMYHYGFhSpGhkaWdlc3RJRABmcmFuZG9tUApB7ldTZpNQmN_9C03N' +
  '3vNxZWxlbWVudElkZW50aWZpZXJoZGlzdHJpY3RsZWxlbWVudFZhbHVlZuykkeq1rGppc3N1ZXJBdXRohEOhASahGCFZAScw' +
  'ggEjMIHKoAMCAQICBgTws_U4HDAKBggqhkjOPQQDAjAPMQ0wCwYDVQQDDARSb290MB4XDTI2MTAyNTEyMDAwMFoXDTI3MDky' +
  'MDEyMDAwMFowETEPMA0GA1UEAwwGSXNzdWVyMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEMk9nu7Po8YrEO3nZ89M4NOHk' +
  '5MDOB3Qr20hISmIAIMGBNV8FNdo9zJdJTz4jSLrMCoETfE3odN8EXz6CikYz0aMQMA4wDAYDVR0TAQH_BAIwADAKBggqhkjO' +
  'PQQDAgNIADBFAiEAumKxLikXahdEqd5bmMCxtSmVJO8diIwIxwn8080JwYsCIAwDQxrTWCdQqhRmEAR5HUnPEXdOgf9kzP3F' +
  'IGGFgeYQWQKe2BhZApmnZ3ZlcnNpb25jMS4wb2RpZ2VzdEFsZ29yaXRobWdTSEEtMjU2bHZhbHVlRGlnZXN0c6Jxb3JnLmlz' +
  'by4xODAxMy41LjGnAFggEk4wj0I5TsUkXEddywIGTI_3_7W9Q6lre0zOuVLKfCYBWCDFYg08ukMlCWaheOaA5nQ46wTXaYkC' +
  'uT53pL9p90PwtAJYIACYqqjWKc5RTYBnJJ5U2rRU1D_33eRVewBBxin7kYLCA1ggXKDxfH1IB-VUzEZE_070WwzdKkxN_uOk' +
  'A3IOjKfBBfgEWCAr1_MH-psKcPHx-3OFUwKfY8Hn8IxFH7HJuEbCzn-EmAVYIOZouzXYSWTAmiESsOUYknnqYl2CsNY8BwgZ' +
  'WUKxJeV_Blgggjpl5M0UtEbP89EtytiEkzGDIFA6_ueZoEAjGX-bqY5tY2l0eS5tYWRhbmcuMaEAWCB7LaKAkcai2k6WTM1i' +
  'DWl-sMYPOrMyjldnzAczW6zqUm1kZXZpY2VLZXlJbmZvoWlkZXZpY2VLZXmkAQIgASFYILycUHbgRehXgaSqwEWqAkvwpZ4D' +
  'id72ZRehu-xyImkHIlggPLa64P7bUAIbEFlSsq89TJYsaGfiugdSQrMb-6Puz41nZG9jVHlwZXVvcmcuaXNvLjE4MDEzLjUu' +
  'MS5tRExsdmFsaWRpdHlJbmZvo2ZzaWduZWTAdDIwMjYtMTEtMjRUMTI6MDA6MDBaaXZhbGlkRnJvbcB0MjAyNi0xMS0yNFQx' +
  'MjowMDowMFpqdmFsaWRVbnRpbMB0MjAyNi0xMi0wOFQxMjowMDowMFpmc3RhdHVzoWtzdGF0dXNfbGlzdKJjaWR4GQGcY3Vy' +
  'aXgcaHR0cHM6Ly9jaXR5LmV4YW1wbGUvbGlzdHMvMVhAPPAnytg4d8rfnvS4DrzlPiAbiSPXlqyt8kix3YeA3yOI-OktP6io' +
  '4CP4UdI2vMrPhHcjcs2oEl8vjrSqr273nA';
const ISSUER = {
  kty: 'EC',
  crv: 'P-256',
  x: 'Mk9nu7Po8YrEO3nZ89M4NOHk5MDOB3Qr20hISmIAIME',
  y: 'gTVfBTXaPcyXSU8-I0i6zAqBE3xN6HTfBF8-gopGM9E',
} as const;
const ISO = 'org.iso.18013.5.1';

describe('an mdoc of another implementation', () => {
  test('holds_and_is_read', async () => {
    const parts = readIssuerSigned(LICENCE);
    await checkSigned(parts, { ...ISSUER });
    assert.deepEqual(namespacesOf(parts.elements), {
      [ISO]: {
        family_name: '김',
        given_name: '마당',
        birth_date: '1990-02-28',
        age_over_18: true,
        height: 172,
        portrait: 'AQID',
        driving_privileges: [{ vehicle_category_code: 'B', sign: '=' }],
      },
      'city.madang.1': { district: '중구' },
    });
  });

  test('is_shown_byte_for_byte_as_it_was_signed', async () => {
    const handover = {
      clientId: 'x509_hash:a',
      nonce: 'n',
      responseUri: 'https://v.example/r',
      jwkThumbprint: undefined,
    };
    const wanted = [
      [ISO, 'birth_date'],
      [ISO, 'driving_privileges'],
    ] as const;
    const response = await deviceResponse(LICENCE, wanted, await generateKey(), handover);
    const bytes = Buffer.from(response, 'base64url');
    const raw = cborDecode<Map<string, unknown>>(bytes);
    const [document] = raw.get('documents') as Map<string, Map<string, Map<string, DataItem[]>>>[];
    const shown = document!.get('issuerSigned')!.get('nameSpaces')!.get(ISO)!;
    assert.equal(shown.length, 2);
    const signed = Buffer.from(LICENCE, 'base64url');
    for (const { buffer } of shown) assert.ok(signed.includes(Buffer.from(buffer)));
    assert.ok(!bytes.includes('family_name'));
  });
});
