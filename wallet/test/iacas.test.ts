import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { signText } from '../src/keys/p256.js';
import { City } from './city.js';
import { Issuer, TX_CODE, type Changes } from './issuer.js';
import { certify, type Entity } from './pki.js';

const DOCUMENT_SIGNER = '1.0.18013.5.1.2';
const IACA = 'urn:madang:trust-list:service:iaca';

/** Mdocs whose signer comes from the city's IACA, which the wallet learns of from the signed trust list. */
let city: City;
let iaca: Entity;
let lister: Entity;

before(async () => {
  city = await City.start();
  iaca = await certify({ name: 'IACA', country: 'KR', authority: true });
  lister = await certify({ name: 'City', country: 'KR', by: city.pki.intermediate });
});
after(() => city.stop());

async function publish(
  anchors: Entity[],
  more: { signer?: Entity; x5c?: string[]; until?: number; typ?: string } = {},
): Promise<void> {
  const { signer = lister, until = Date.now() + 60_000, typ = 'trustlist+jwt' } = more;
  const x5c = more.x5c ?? [signer.der, city.pki.intermediate.der];
  const part = (json: unknown) => Buffer.from(JSON.stringify(json)).toString('base64url');
  const service = {
    ServiceInformation: {
      ServiceTypeIdentifier: IACA,
      ServiceDigitalIdentity: { X509Certificates: anchors.map(({ der }) => ({ val: der })) },
    },
  };
  const list = {
    LoTE: {
      ListAndSchemeInformation: { NextUpdate: new Date(until).toISOString() },
      TrustedEntitiesList: [{ TrustedEntityServices: [service] }],
    },
  };
  const input = `${part({ alg: 'ES256', typ, x5c })}.${part(list)}`;
  const jws = `${input}.${await signText(signer.key, input)}`;
  city.on('GET', '/identity/trust-list', () => ({
    headers: { 'content-type': 'application/jwt' },
    text: jws,
  }));
}

async function receive(mdoc: NonNullable<Changes['mdoc']>) {
  const issuer = await Issuer.start(city);
  issuer.changes = { mdoc };
  const { wallet } = await city.wallet();
  const { byValue } = await issuer.offer(['permit']);
  return wallet.issuance.receive(byValue, { txCode: TX_CODE });
}

const documentSigner = (by = iaca, uses = [DOCUMENT_SIGNER]) =>
  certify({ name: 'Permits', country: 'KR', by, ...(uses.length > 0 ? { uses } : {}) });

const untrusted = { type: 'urn:madang:problem:wallet-untrusted' };

test('an_mdoc_of_a_document_signer_is_kept_because_the_trust_list_names_its_iaca', async () => {
  const signer = await documentSigner();
  await publish([iaca]);
  const [received] = await receive({ issuer: signer, x5c: [signer.der] });
  assert.equal(received!.issuer.name, 'Permits');
});

test('nobody_else_is_a_document_signer', async () => {
  const another = await certify({ name: 'IACA', country: 'KR', authority: true });
  const below = await certify({ name: 'Below', country: 'KR', authority: true, by: iaca });
  const forged = await documentSigner(another);
  const silent = await documentSigner(iaca, []);
  const reader = await documentSigner(iaca, ['1.0.18013.5.1.6']);
  const deeper = await documentSigner(below);
  await publish([iaca]);
  for (const [signer, x5c] of [
    [forged, [forged.der]],
    [silent, [silent.der]],
    [reader, [reader.der]],
    [deeper, [deeper.der, below.der]],
  ] as const)
    await assert.rejects(receive({ issuer: signer, x5c: [...x5c] }), untrusted);
});

test('no_other_key_names_an_iaca_and_no_list_that_is_past_its_time', async () => {
  const signer = await documentSigner();
  const mdoc = { issuer: signer, x5c: [signer.der] };
  const { intermediate } = city.pki;
  const alternativeNames = [{ type: 'url' as const, value: city.origin }];
  const issuer = await certify({ name: 'City', country: 'KR', by: intermediate, alternativeNames });
  const nowhere = await certify({ name: 'City', by: intermediate });
  const stranger = await certify({
    name: 'City',
    country: 'KR',
    by: await certify({ name: 'x', authority: true }),
  });
  await publish([iaca], { signer: issuer });
  await assert.rejects(receive(mdoc), untrusted, 'an agency that issues');
  await publish([iaca], { signer: nowhere });
  await assert.rejects(receive(mdoc), untrusted, 'a seal');
  await publish([iaca], { signer: stranger, x5c: [stranger.der] });
  await assert.rejects(receive(mdoc), untrusted, 'a stranger');
  await publish([iaca], { signer: stranger, x5c: [lister.der, intermediate.der] });
  await assert.rejects(receive(mdoc), untrusted, "another's signature");
  await publish([iaca], { until: Date.now() - 1000 });
  await assert.rejects(receive(mdoc), untrusted, 'past its time');
  await publish([iaca], { typ: 'JWT' });
  await assert.rejects(receive(mdoc), untrusted, 'something else');
  await publish([]);
  await assert.rejects(receive(mdoc), untrusted, 'none named');
});
