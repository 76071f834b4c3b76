-- Lost keys, nonces that are given up on the contract too, redeeming.

-- ---- recovery of lost keys; what is approved here is carried out on the contract by settlement ----

create table recovery (
    id             uuid        primary key,
    account        text collate "C" check (is_bytes32(account)) not null references account (id),
    -- of the key that is lost
    key_version    integer     not null check (key_version > 0),
    -- the point that is to replace it, whose possession was proven
    x              text collate "C" check (is_bytes32(x)) not null,
    y              text collate "C" check (is_bytes32(y)) not null,
    -- requested: by the account's owner; proposed: by the identity authority; approved: by enough agencies, its delay runs;
    -- overtaken: the key was changed otherwise, or another proposal replaced this one
    state          text        not null default 'requested' check
        (state in ('requested', 'proposed', 'approved', 'finished', 'vetoed', 'withdrawn', 'overtaken')),
    requested      timestamptz not null default now(),
    proposed_by    text        check (length(proposed_by) between 1 and 64),
    proposed       timestamptz,
    -- the contract's number of it, once it has it
    number         integer     check (number > 0),
    -- unix second from which it may be finished
    ready_at       bigint,
    approvals      integer     not null default 0 check (approvals >= 0),
    approvals_needed integer   check (approvals_needed >= 0),
    -- when the contract was last asked
    checked        timestamptz,
    -- what is to be carried to the contract
    veto_signature text        check (length(veto_signature) = 86),
    withdrawn_by   text        check (length(withdrawn_by) between 1 and 64),
    finish_wanted  timestamptz,
    ended          timestamptz,
    check ((state = 'requested') = (proposed_by is null) or state in ('withdrawn', 'overtaken')),
    check (state not in ('approved', 'finished', 'vetoed') or number is not null),
    check ((state in ('requested', 'proposed', 'approved')) = (ended is null))
);
create unique index recovery_of_account on recovery (account) where state in ('requested', 'proposed', 'approved');
create index recovery_open on recovery (proposed) where state in ('proposed', 'approved');
create index recovery_public on recovery (proposed, id) where proposed is not null;

create table recovery_approval (
    recovery uuid        not null references recovery (id),
    agency   text        not null check (length(agency) between 1 and 64),
    officer  text        not null check (length(officer) between 1 and 64),
    approved timestamptz not null default now(),
    carried  boolean     not null default false,
    primary key (recovery, agency)
);

-- Who proposes a recovery approves it for no agency.
create function recovery_four_eyes() returns trigger language plpgsql as $$
begin
    if exists (select from recovery where id = new.recovery and (proposed_by is null or proposed_by = new.officer)) then
        raise exception 'the proposer does not approve' using errcode = 'check_violation';
    end if;
    return new;
end $$;
create trigger recovery_approval_four_eyes before insert or update on recovery_approval
    for each row execute function recovery_four_eyes();

-- ---- nonces that their holder signed away ----

alter table cancelled_nonce
    add column key_version integer check (key_version > 0),
    add column signature   text    check (length(signature) = 86),
    -- null: given up here alone; recorded: on its way to the contract
    add column state       text    check (state in ('recorded', 'done', 'refused')),
    add constraint cancelled_nonce_signed check
        ((state is null) = (signature is null) and (state is null) = (key_version is null));
create index cancelled_nonce_waiting on cancelled_nonce (cancelled) where state = 'recorded';

-- ---- redeeming: a holder pays into the account that has no key, two treasurers burn what the payment brought ----

-- the contract's REDEMPTION: Keccak-256 of "Madang redemption"
insert into account (id, owner_kind, owner, key_version, state)
values ('0xaeeb477b9600955ff731af0e61ccae33346ebd75c4dfb75eb7b20b10ee100605', 'system', 'redemption', 0, 'open');
alter table account add constraint account_only_issuance_below_zero check
    (id = '0x' || repeat('0', 64) or available >= 0);

create table redemption (
    id          uuid        primary key,
    -- the settled payment into the redemption account that it burns, whole
    payment     text collate "C" check (is_bytes32(payment)) not null references transfer (id),
    amount      bigint check (is_won(amount)) not null,
    proposed_by text        not null check (length(proposed_by) between 1 and 64),
    approved_by text        check (length(approved_by) between 1 and 64),
    state       text        not null default 'proposed' check (state in ('proposed', 'approved', 'settled', 'failed')),
    created     timestamptz not null default now(),
    approved    timestamptz,
    transaction_hash text collate "C" check (is_bytes32(transaction_hash)),
    -- four eyes
    check (approved_by <> proposed_by),
    check ((state = 'proposed') = (approved_by is null))
);
create unique index redemption_of_payment on redemption (payment) where state <> 'failed';
create index redemption_waiting on redemption (approved) where state = 'approved';
create index transfer_redeemed on transfer (position)
    where payee = '0xaeeb477b9600955ff731af0e61ccae33346ebd75c4dfb75eb7b20b10ee100605' and state = 'settled';

alter table entry
    add column redemption uuid references redemption (id),
    drop constraint entry_kind_check,
    drop constraint entry_check,
    drop constraint entry_check1,
    add constraint entry_kind_check check (kind in ('acceptance', 'settlement', 'reversal', 'mint', 'burn')),
    add constraint entry_of_mint check ((kind = 'mint') = (mint is not null)),
    add constraint entry_of_burn check ((kind = 'burn') = (redemption is not null)),
    add constraint entry_of_transfer check ((kind in ('acceptance', 'settlement', 'reversal')) = (transfer is not null));
create unique index entry_burn on entry (redemption) where kind = 'burn';
