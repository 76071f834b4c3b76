-- Holds are a message of their own: the payer names whose key captures, and that key signs how much is taken. What was held
-- under the message of a payment can't be captured any more; it ends by itself.

alter table transfer
    -- the account whose key captures; null for what is no hold
    add column capturer            text collate "C" check (is_bytes32(capturer)) references account (id),
    -- what was taken of the hold
    add column captured_amount     bigint,
    add column capture_key_version integer check (capture_key_version > 0),
    add column capture_signature   text check (length(capture_signature) = 86),
    add constraint transfer_capturer check (capturer is null or captures_before is not null),
    add constraint transfer_hold_has_capturer check (captures_before is null or capturer is not null) not valid,
    add constraint transfer_captured_amount check (captured_amount between 1 and amount),
    -- what pays a bill is taken whole
    add constraint transfer_captured_whole check (bill is null or captured_amount is null or captured_amount = amount),
    add constraint transfer_captured_signed check
        ((captured_amount is null) = (capture_signature is null)
         and (captured_amount is null) = (capture_key_version is null)
         and (captured_amount is null or capturer is not null and captured is not null)
         and (capturer is null or captured is null or captured_amount is not null)),
    -- of a hold, what was captured was paid, and no more is paid back
    drop constraint transfer_refunded,
    add constraint transfer_refunded check
        (refunded between 0 and coalesce(captured_amount, amount) and (refunded = 0 or state = 'settled'));
create index transfer_capturer on transfer (capturer) where capturer is not null and state in ('held', 'accepted');

-- What was signed never changes; a transfer ends once, and is never held again.
create or replace function transfer_change() returns trigger language plpgsql as $$
begin
    if (new.id, new.payer, new.key_version, new.payee, new.amount, new.bill_hash, new.bill, new.instalment, new.nonce,
        new.valid_after, new.valid_before, new.captures_before, new.refund_of, new.client_key, new.capturer)
       is distinct from
       (old.id, old.payer, old.key_version, old.payee, old.amount, old.bill_hash, old.bill, old.instalment, old.nonce,
        old.valid_after, old.valid_before, old.captures_before, old.refund_of, old.client_key, old.capturer)
       or (old.captured is not null
           and (new.captured, new.captured_amount, new.capture_key_version, new.capture_signature)
               is distinct from
               (old.captured, old.captured_amount, old.capture_key_version, old.capture_signature))
       or (new.state <> old.state and (old.state, new.state) not in (('held', 'accepted'), ('held', 'reversed'),
           ('accepted', 'settled'), ('accepted', 'reversed'))) then
        raise exception 'a transfer does not change' using errcode = 'restrict_violation';
    end if;
    return new;
end $$;
