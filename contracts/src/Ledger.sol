// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";

/// @title The ledger on which Madang's payments settle
/// @notice Holds balances of accounts that P-256 keys control. The operator brings signed authorisations in batches; this
/// contract checks each signature itself, so the operator can neither forge, alter, replay nor settle one twice, and a
/// bill is paid at most once. Account ids are random and bill hashes salted: no name ever reaches this contract.
/// @dev EIP-712 domain: name "Madang Ledger", version "1", the chain's id, this address. A wallet signs the 66 bytes
/// `0x1901 ‖ domainSeparator ‖ structHash` as ECDSA P-256 with SHA-256, so the digest is `sha256` of them, not keccak256; that
/// digest is the authorisation's id. Signatures are checked by P256VERIFY (EIP-7951, address 0x100). Both `s` and `n−s`
/// verify, because uniqueness rests on the nonce and the message, never on signature bytes.
/// There are no immutables, so the deployed code is the same byte for byte on every chain.
contract Ledger {
    // ---- types ----

    /// @notice One authorisation to pay, with the payer's signature.
    /// @param from the payer's account
    /// @param keyVersion the version of the payer's key that signed
    /// @param to the payee's account, another one than `from`
    /// @param amount won, 1 to MAX_AMOUNT
    /// @param billHash salted hash of the bill that this pays; zero for a plain transfer
    /// @param nonce word `nonce >> 8`, bit `nonce & 0xff` of the payer's nonces; unordered
    /// @param validAfter first unix second in which it may settle
    /// @param validBefore first unix second in which it may no longer settle
    /// @param r first half of the signature
    /// @param s second half of the signature, high or low
    struct Payment {
        bytes32 from;
        uint32 keyVersion;
        bytes32 to;
        uint64 amount;
        bytes32 billHash;
        uint256 nonce;
        uint64 validAfter;
        uint64 validBefore;
        bytes32 r;
        bytes32 s;
    }

    /// @notice A hold with its payer's signature, and what is taken of it with its capturer's. One capture uses the hold's
    /// nonce up, so a hold is captured once, whole or in part, and what was not taken is the payer's.
    /// @param from the payer's account
    /// @param keyVersion the version of the payer's key that signed
    /// @param to the account that receives, another one than `from`
    /// @param capturer the account whose key says how much is taken: `to` itself, or another where `to` has no key
    /// @param maxAmount won that may be taken at most, 1 to MAX_AMOUNT
    /// @param billHash as in `Payment`; what pays a bill is taken whole
    /// @param nonce as in `Payment`, of the same nonces
    /// @param validAfter as in `Payment`
    /// @param validBefore as in `Payment`
    /// @param r first half of the payer's signature
    /// @param s second half of it, high or low
    /// @param captureKeyVersion the version of the capturer's key that signed
    /// @param amount won that are taken, 1 to `maxAmount`
    /// @param captureR first half of the capturer's signature
    /// @param captureS second half of it, high or low
    struct CapturedHold {
        bytes32 from;
        uint32 keyVersion;
        bytes32 to;
        bytes32 capturer;
        uint64 maxAmount;
        bytes32 billHash;
        uint256 nonce;
        uint64 validAfter;
        uint64 validBefore;
        bytes32 r;
        bytes32 s;
        uint32 captureKeyVersion;
        uint64 amount;
        bytes32 captureR;
        bytes32 captureS;
    }

    /// @notice Why an authorisation was skipped; the number is what `Refused` carries. When several apply, the first that
    /// the contract meets is told: NOT_WITHIN_HOLD, UNKNOWN_ACCOUNT, WRONG_KEY_VERSION, NONCE_USED, NOT_YET_VALID, EXPIRED,
    /// BAD_AMOUNT, UNKNOWN_PAYEE, FROZEN, BILL_PAID, INSUFFICIENT, WRONG_CAPTURER, BAD_SIGNATURE, BAD_CAPTURE.
    enum Refusal {
        NONE, // 0: not refused; never emitted
        UNKNOWN_ACCOUNT, // 1: the payer's account does not exist
        WRONG_KEY_VERSION, // 2: the payer's key has another version by now, or the account has no key yet
        NONCE_USED, // 3: the payer has already settled an authorisation with this nonce, or cancelled it
        BILL_PAID, // 4: another authorisation has paid this bill
        INSUFFICIENT, // 5: the payer's balance is less than the amount
        FROZEN, // 6: the payer's account is frozen (a frozen account still receives)
        EXPIRED, // 7: the block's time is validBefore or later
        NOT_YET_VALID, // 8: the block's time is before validAfter
        BAD_SIGNATURE, // 9: the payer's key has not signed exactly this message for this ledger
        UNKNOWN_PAYEE, // 10: the payee's account does not exist, or is the payer's own
        BAD_AMOUNT, // 11: zero, or more than MAX_AMOUNT
        NOT_WITHIN_HOLD, // 12: more than the payer signed, or less of a hold that pays a bill
        WRONG_CAPTURER, // 13: the capturer's account does not exist, is frozen, or its key has another version
        BAD_CAPTURE // 14: the capturer's key has not signed exactly this capture for this ledger
    }

    /// @dev Three slots; all that settling changes sits in the third.
    struct Account {
        uint256 x;
        uint256 y;
        uint64 balance;
        uint32 keyVersion;
        bool frozen;
        bool exists;
    }

    /// @dev Two slots and a half; `proposer` is zero for an unknown mint.
    struct Mint {
        bytes32 to;
        address proposer;
        uint64 amount;
        bool done;
    }

    /// @dev A burn that one treasurer proposed; `proposer` is zero for an unknown one.
    struct Burn {
        address proposer;
        uint64 amount;
        bool done;
    }

    /// @notice How far the recovery of an account has come; the number is what `recovery` answers.
    enum RecoveryState {
        NONE, // 0: none was proposed yet
        PROPOSED, // 1: agencies may approve
        APPROVED, // 2: enough of them have; the delay runs, or has passed
        VETOED, // 3: the account's key said no
        WITHDRAWN, // 4: the identity authority took it back
        FINISHED // 5: the account has the new key
    }

    /// @dev Four slots; the latest proposal alone is kept, `number` counts them.
    struct Recovery {
        uint256 x;
        uint256 y;
        uint256 approvals; // bit i: the agency at index i has approved
        uint64 readyAt;
        uint32 keyVersion;
        uint32 number;
        RecoveryState state;
    }

    // ---- constants ----

    /// @notice The most that one payment may move, in won.
    uint64 public constant MAX_AMOUNT = 1e12;

    /// @notice The account out of which money is redeemed: holders pay into it, it never has a key, and only a burn takes
    /// from it. So redeeming begins with the holder's signature, and ends with two treasurers'.
    bytes32 public constant REDEMPTION = keccak256("Madang redemption");

    /// @notice The most agencies that may approve recoveries.
    uint256 public constant AGENCIES_MAX = 32;

    /// @notice Seconds for which a recovery may be finished once its delay has passed. What was forgotten dies.
    uint64 public constant RECOVERY_LIFE = 30 days;

    /// @notice The longest delay that a ledger may be deployed with, in seconds.
    uint64 public constant RECOVERY_DELAY_MAX = 90 days;

    bytes32 private constant DOMAIN_TYPEHASH =
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    bytes32 private constant NAME_HASH = keccak256("Madang Ledger");
    bytes32 private constant VERSION_HASH = keccak256("1");
    bytes32 private constant PAY_TYPEHASH = keccak256(
        "Pay(bytes32 from,uint32 keyVersion,bytes32 to,uint64 amount,bytes32 billHash,uint256 nonce,uint64 validAfter,uint64 validBefore)"
    );
    bytes32 private constant HOLD_TYPEHASH = keccak256(
        "Hold(bytes32 from,uint32 keyVersion,bytes32 to,bytes32 capturer,uint64 maxAmount,bytes32 billHash,uint256 nonce,uint64 validAfter,uint64 validBefore)"
    );
    bytes32 private constant CAPTURE_TYPEHASH = keccak256("Capture(bytes32 hold,uint32 keyVersion,uint64 amount)");
    bytes32 private constant CANCEL_TYPEHASH =
        keccak256("CancelNonce(bytes32 account,uint32 keyVersion,uint256 nonce)");
    bytes32 private constant ROTATE_TYPEHASH =
        keccak256("RotateKey(bytes32 account,uint32 keyVersion,uint256 newX,uint256 newY)");
    bytes32 private constant VETO_TYPEHASH = keccak256(
        "VetoRecovery(bytes32 account,uint32 keyVersion,uint32 number,uint256 newX,uint256 newY)"
    );

    // ---- state ----

    /// @notice Opens and freezes accounts, brings authorisations. Can't move money.
    address public operator;
    /// @notice Attests the reserve.
    address public auditor;
    /// @notice One of the two whose agreement mints and burns.
    address public treasurerA;
    /// @notice The other of the two whose agreement mints and burns.
    address public treasurerB;
    /// @notice Sets the first key of an account that was opened without one, and proposes recoveries. Never the operator.
    address public identityAuthority;
    /// @notice How many of the agencies must approve a recovery; zero where there are none, and so no recovery.
    uint8 public approvalsNeeded;
    /// @notice Seconds between the last approval that a recovery needs and its end, in which the account's key may veto.
    uint64 public recoveryDelay;
    /// @notice Those who approve recoveries; neither the operator nor the identity authority is one of them.
    address[] public agencies;

    /// @notice What the auditor has last attested, in won. Supply never exceeds it.
    uint256 public reserve;
    /// @notice Won in all accounts together.
    uint64 public supply;

    /// @notice The id of the authorisation that paid a bill; zero while the bill is unpaid.
    mapping(bytes32 billHash => bytes32 authorisation) public billPaidBy;

    mapping(bytes32 id => Account) private accounts;
    mapping(bytes32 from => mapping(uint256 word => uint256 bits)) private nonces;
    mapping(bytes32 mintId => Mint) private mints;
    mapping(bytes32 burnId => Burn) private burns;
    mapping(bytes32 account => Recovery) private recoveries;

    // ---- events ----

    /// @notice An authorisation took effect. Happens at most once for an id. Of a hold `amount` is what was captured.
    event Settled(
        bytes32 indexed authorisation, bytes32 indexed from, bytes32 indexed to, uint64 amount, bytes32 billHash
    );
    /// @notice An authorisation was skipped and changed nothing; `reason` is a `Refusal`. It may still settle later, unless
    /// the reason lasts: look for `Settled` of the same id before booking a reversal.
    event Refused(bytes32 indexed authorisation, uint8 reason);
    /// @notice An account exists from now on; without a key (x = y = 0, keyVersion 0) it only receives.
    event AccountOpened(bytes32 indexed id, uint256 x, uint256 y);
    /// @notice An account has a new key; authorisations of older versions can no longer settle.
    event KeyChanged(bytes32 indexed id, uint32 keyVersion, uint256 x, uint256 y);
    /// @notice The holder gave up a nonce: what was signed with it can no longer settle.
    event NonceCancelled(bytes32 indexed account, uint256 nonce);
    /// @notice The identity authority proposed a new key for an account. Recovery `number` of it replaces earlier ones.
    event RecoveryProposed(bytes32 indexed account, uint32 indexed number, uint32 keyVersion, uint256 x, uint256 y);
    /// @notice An agency approved; from `readyAt` on the recovery may be finished, zero while too few have approved.
    event RecoveryApproved(bytes32 indexed account, uint32 indexed number, address agency, uint64 readyAt);
    /// @notice The account's present key said no.
    event RecoveryVetoed(bytes32 indexed account, uint32 indexed number);
    /// @notice The identity authority took its proposal back.
    event RecoveryWithdrawn(bytes32 indexed account, uint32 indexed number);
    /// @notice The account has the new key; `KeyChanged` says which.
    event RecoveryFinished(bytes32 indexed account, uint32 indexed number);
    /// @notice An account can no longer pay.
    event Frozen(bytes32 indexed id);
    /// @notice An account can pay again.
    event Unfrozen(bytes32 indexed id);
    /// @notice The auditor attested a reserve; `evidence` is the hash of the document that shows it.
    event ReserveAttested(uint256 amount, bytes32 indexed evidence);
    /// @notice A treasurer proposed to mint.
    event MintProposed(bytes32 indexed mintId, bytes32 indexed to, uint64 amount, address proposer);
    /// @notice The other treasurer agreed, and the money exists.
    event Minted(bytes32 indexed mintId, bytes32 indexed to, uint64 amount);
    /// @notice A treasurer proposed to burn what was paid into the redemption account.
    event BurnProposed(bytes32 indexed burnId, uint64 amount, address proposer);
    /// @notice The other treasurer agreed, and the money exists no more.
    event Burned(bytes32 indexed burnId, uint64 amount);

    // ---- errors ----

    /// @notice The caller does not hold the role that this needs.
    error NotAllowed(address caller);
    /// @notice The roles given to the constructor are missing or not separate.
    error BadRoles();
    /// @notice Zero is no account id, and an id is opened once.
    error AccountExists(bytes32 id);
    /// @notice No such account.
    error UnknownAccount(bytes32 id);
    /// @notice (x, y) is not a point of P-256.
    error NotOnCurve(uint256 x, uint256 y);
    /// @notice The account has a key already, so only that key can name the next.
    error KeyAlreadySet(bytes32 id);
    /// @notice The account's key has another version.
    error WrongKeyVersion(bytes32 id, uint32 current);
    /// @notice The account's present key has not signed this.
    error BadSignature();
    /// @notice The account is frozen.
    error AccountFrozen(bytes32 id);
    /// @notice A reserve below the present supply can't be attested.
    error ReserveBelowSupply(uint256 reserve, uint64 supply);
    /// @notice The mint would raise supply above the reserve.
    error AboveReserve(uint256 wanted, uint256 reserve);
    /// @notice A mint id is used once and names an amount above zero.
    error BadMint(bytes32 mintId);
    /// @notice No mint of this id waits for approval.
    error MintNotProposed(bytes32 mintId);
    /// @notice A burn id is used once and names an amount above zero.
    error BadBurn(bytes32 burnId);
    /// @notice No burn of this id waits for approval.
    error BurnNotProposed(bytes32 burnId);
    /// @notice More than the redemption account has.
    error AboveRedeemed(uint64 wanted, uint64 redeemed);
    /// @notice The nonce is used or cancelled already.
    error NonceAlreadyUsed(bytes32 account, uint256 nonce);
    /// @notice The account has no key, so there is none to recover.
    error NoKey(bytes32 id);
    /// @notice The account's recovery has another number, another state, or was proposed for an earlier key.
    error NoSuchRecovery(bytes32 id, uint32 number);
    /// @notice This agency has approved before.
    error ApprovedBefore(address agency);
    /// @notice The recovery's delay has not passed, or its life has ended.
    error NotInTime(uint64 readyAt);

    modifier only(address role) {
        if (msg.sender != role) revert NotAllowed(msg.sender);
        _;
    }

    /// @notice Refuses to exist on a chain without P256VERIFY (error `MissingPrecompile(0x100)`), where no payment could settle.
    /// @param operator_ see `operator`
    /// @param auditor_ see `auditor`; may not be a treasurer or the operator
    /// @param treasurerA_ see `treasurerA`
    /// @param treasurerB_ see `treasurerB`; another one than `treasurerA_`
    /// @param identityAuthority_ see `identityAuthority`; another one than the operator
    /// @param approvalsNeeded_ see `approvalsNeeded`; 1 to the number of agencies, or zero without any
    /// @param recoveryDelay_ see `recoveryDelay`, at most RECOVERY_DELAY_MAX
    /// @param agencies_ see `agencies`; at most AGENCIES_MAX, each once
    constructor(
        address operator_,
        address auditor_,
        address treasurerA_,
        address treasurerB_,
        address identityAuthority_,
        uint8 approvalsNeeded_,
        uint64 recoveryDelay_,
        address[] memory agencies_
    ) {
        if (
            operator_ == address(0) || auditor_ == address(0) || treasurerA_ == address(0) || treasurerB_ == address(0)
                || identityAuthority_ == address(0) || treasurerA_ == treasurerB_ || auditor_ == treasurerA_
                || auditor_ == treasurerB_ || auditor_ == operator_ || identityAuthority_ == operator_
        ) revert BadRoles();
        operator = operator_;
        auditor = auditor_;
        treasurerA = treasurerA_;
        treasurerB = treasurerB_;
        identityAuthority = identityAuthority_;
        if (
            agencies_.length > AGENCIES_MAX || approvalsNeeded_ > agencies_.length
                || (approvalsNeeded_ == 0 && agencies_.length != 0) || recoveryDelay_ > RECOVERY_DELAY_MAX
        ) revert BadRoles();
        for (uint256 i = 0; i < agencies_.length; ++i) {
            address agency = agencies_[i];
            if (agency == address(0) || agency == operator_ || agency == identityAuthority_) revert BadRoles();
            for (uint256 j = 0; j < i; ++j) {
                if (agencies_[j] == agency) revert BadRoles();
            }
        }
        approvalsNeeded = approvalsNeeded_;
        recoveryDelay = recoveryDelay_;
        agencies = agencies_;
        accounts[REDEMPTION].exists = true;
        emit AccountOpened(REDEMPTION, 0, 0);
        // a wycheproof vector that is true: it fails only where the precompile is missing
        P256.verifyNative(
            0xbb5a52f42f9c9261ed4361f59422a1e30036e7c32b270c8807a419feca605023,
            bytes32(uint256(5)),
            bytes32(uint256(1)),
            0xa71af64de5126a4a4e02b7922d66ce9415ce88a4c9d25514d91082c8725ac957,
            0x5d47723c8fbe580bb369fec9c2665d8e30a435b9932645482e7c9f11e872296b
        );
    }

    // ---- accounts ----

    /// @notice Opens an account. Only the operator.
    /// @param id random, not zero, not used before
    /// @param x the key's point, with `y`; both zero opens an account that only receives until it gets a key
    /// @param y see `x`
    function openAccount(bytes32 id, uint256 x, uint256 y) external only(operator) {
        Account storage a = accounts[id];
        if (id == 0 || a.exists) revert AccountExists(id);
        a.exists = true;
        if (x != 0 || y != 0) {
            _requireOnCurve(x, y);
            a.x = x;
            a.y = y;
            a.keyVersion = 1;
        }
        emit AccountOpened(id, x, y);
    }

    /// @notice Gives its first key (version 1) to an account that was opened without one. Only the identity authority: were
    /// it the operator, it could take what such an account has received.
    /// @param id the account
    /// @param x the key's point, with `y`
    /// @param y see `x`
    function setFirstKey(bytes32 id, uint256 x, uint256 y) external only(identityAuthority) {
        Account storage a = _existing(id);
        // no key is ever to move what waits to be burned
        if (id == REDEMPTION) revert NotAllowed(msg.sender);
        if (a.keyVersion != 0) revert KeyAlreadySet(id);
        _changeKey(id, a, x, y);
    }

    /// @notice Replaces an account's key by one that the present key names. Anyone may bring it: the signature decides.
    /// The signed message is the 66 bytes with struct `RotateKey(bytes32 account,uint32 keyVersion,uint256 newX,uint256 newY)`.
    /// @param id the account; not frozen, since a frozen account's key may be in wrong hands
    /// @param keyVersion the present version, which signs; the new key gets the next
    /// @param newX the new key's point, with `newY`
    /// @param newY see `newX`
    /// @param r first half of the present key's signature
    /// @param s second half of it
    function rotateKey(bytes32 id, uint32 keyVersion, uint256 newX, uint256 newY, bytes32 r, bytes32 s) external {
        Account storage a = _existing(id);
        if (a.frozen) revert AccountFrozen(id);
        _requireSigned(id, a, keyVersion, keccak256(abi.encode(ROTATE_TYPEHASH, id, keyVersion, newX, newY)), r, s);
        _changeKey(id, a, newX, newY);
    }

    /// @notice Gives up one of the account's nonces: whatever was signed with it and has not settled never will. Anyone may
    /// bring it, the signature decides; a frozen account may cancel too.
    /// The signed message is the 66 bytes with struct `CancelNonce(bytes32 account,uint32 keyVersion,uint256 nonce)`.
    /// @param id the account
    /// @param keyVersion the present version, which signs
    /// @param nonce neither used nor cancelled
    /// @param r first half of the present key's signature
    /// @param s second half of it
    function cancelNonce(bytes32 id, uint32 keyVersion, uint256 nonce, bytes32 r, bytes32 s) external {
        Account storage a = _existing(id);
        _requireSigned(id, a, keyVersion, keccak256(abi.encode(CANCEL_TYPEHASH, id, keyVersion, nonce)), r, s);
        uint256 bits = nonces[id][nonce >> 8];
        uint256 bit = 1 << (nonce & 0xff);
        if (bits & bit != 0) revert NonceAlreadyUsed(id, nonce);
        nonces[id][nonce >> 8] = bits | bit;
        emit NonceCancelled(id, nonce);
    }

    // ---- recovery of a lost key ----

    /// @notice Proposes a new key for an account whose key is lost. Only the identity authority, once it has proofed the
    /// holder. Replaces a proposal before it, with all its approvals. The account may be frozen.
    /// @param id an account with a key
    /// @param x the new key's point, with `y`
    /// @param y see `x`
    function proposeRecovery(bytes32 id, uint256 x, uint256 y) external only(identityAuthority) {
        Account storage a = _existing(id);
        if (a.keyVersion == 0) revert NoKey(id);
        _requireOnCurve(x, y);
        uint32 number = recoveries[id].number + 1;
        recoveries[id] = Recovery(x, y, 0, 0, a.keyVersion, number, RecoveryState.PROPOSED);
        emit RecoveryProposed(id, number, a.keyVersion, x, y);
    }

    /// @notice Approves a recovery, once for each agency. With the last approval that it needs the delay begins.
    /// @param id the account
    /// @param number which proposal, and so which key
    function approveRecovery(bytes32 id, uint32 number) external {
        uint256 bit = 1 << _agencyIndex(msg.sender);
        Recovery storage r = _recovery(id, number);
        if (r.state != RecoveryState.PROPOSED && r.state != RecoveryState.APPROVED) revert NoSuchRecovery(id, number);
        uint256 approvals = r.approvals;
        if (approvals & bit != 0) revert ApprovedBefore(msg.sender);
        approvals |= bit;
        r.approvals = approvals;
        if (r.state == RecoveryState.PROPOSED && _count(approvals) >= approvalsNeeded) {
            r.state = RecoveryState.APPROVED;
            r.readyAt = uint64(block.timestamp) + recoveryDelay;
        }
        emit RecoveryApproved(id, number, msg.sender, r.readyAt);
    }

    /// @notice Ends a recovery as the account's present key wants. Anyone may bring it: the signature decides. A frozen
    /// account's key may veto too: else whoever freezes could take the veto away.
    /// The signed message is the 66 bytes with struct
    /// `VetoRecovery(bytes32 account,uint32 keyVersion,uint32 number,uint256 newX,uint256 newY)`.
    /// @param id the account
    /// @param number which proposal
    /// @param r first half of the present key's signature
    /// @param s second half of it
    function vetoRecovery(bytes32 id, uint32 number, bytes32 r, bytes32 s) external {
        Recovery storage found = _recovery(id, number);
        if (found.state != RecoveryState.PROPOSED && found.state != RecoveryState.APPROVED) {
            revert NoSuchRecovery(id, number);
        }
        bytes32 structHash = keccak256(abi.encode(VETO_TYPEHASH, id, found.keyVersion, number, found.x, found.y));
        _requireSigned(id, accounts[id], found.keyVersion, structHash, r, s);
        found.state = RecoveryState.VETOED;
        emit RecoveryVetoed(id, number);
    }

    /// @notice Takes a proposal back. Only the identity authority.
    /// @param id the account
    /// @param number which proposal
    function withdrawRecovery(bytes32 id, uint32 number) external only(identityAuthority) {
        Recovery storage r = _recovery(id, number);
        if (r.state != RecoveryState.PROPOSED && r.state != RecoveryState.APPROVED) revert NoSuchRecovery(id, number);
        r.state = RecoveryState.WITHDRAWN;
        emit RecoveryWithdrawn(id, number);
    }

    /// @notice Gives the account its new key, once enough agencies have approved, the delay has passed, and nobody said no.
    /// Anyone may bring it. What the old key signed and has not settled never will. A frozen account stays frozen.
    /// @param id the account
    /// @param number which proposal
    function finishRecovery(bytes32 id, uint32 number) external {
        Recovery storage r = _recovery(id, number);
        if (r.state != RecoveryState.APPROVED) revert NoSuchRecovery(id, number);
        if (block.timestamp < r.readyAt || block.timestamp >= r.readyAt + RECOVERY_LIFE) revert NotInTime(r.readyAt);
        r.state = RecoveryState.FINISHED;
        _changeKey(id, accounts[id], r.x, r.y);
        emit RecoveryFinished(id, number);
    }

    /// @notice Stops an account from paying and from changing its key; it still receives. Only the operator.
    /// @param id the account
    function freeze(bytes32 id) external only(operator) {
        _existing(id).frozen = true;
        emit Frozen(id);
    }

    /// @notice Ends what `freeze` began. Only the operator.
    /// @param id the account
    function unfreeze(bytes32 id) external only(operator) {
        _existing(id).frozen = false;
        emit Unfrozen(id);
    }

    // ---- treasury ----

    /// @notice Replaces the attested reserve. Only the auditor; never below the present supply.
    /// @param amount won
    /// @param evidence SHA-256 of the document that shows the reserve
    function attestReserve(uint256 amount, bytes32 evidence) external only(auditor) {
        if (amount < supply) revert ReserveBelowSupply(amount, supply);
        reserve = amount;
        emit ReserveAttested(amount, evidence);
    }

    /// @notice Proposes to mint; nothing moves until the other treasurer approves. Only a treasurer.
    /// @param mintId new, chosen by the caller
    /// @param to an existing account
    /// @param amount won, above zero
    function proposeMint(bytes32 mintId, bytes32 to, uint64 amount) external {
        if (msg.sender != treasurerA && msg.sender != treasurerB) revert NotAllowed(msg.sender);
        if (mints[mintId].proposer != address(0) || amount == 0) revert BadMint(mintId);
        _existing(to);
        mints[mintId] = Mint(to, msg.sender, amount, false);
        emit MintProposed(mintId, to, amount, msg.sender);
    }

    /// @notice Mints what the other treasurer proposed, once, if the reserve covers it.
    /// @param mintId as proposed
    function approveMint(bytes32 mintId) external {
        if (msg.sender != treasurerA && msg.sender != treasurerB) revert NotAllowed(msg.sender);
        Mint storage m = mints[mintId];
        if (m.proposer == address(0) || m.done) revert MintNotProposed(mintId);
        if (m.proposer == msg.sender) revert NotAllowed(msg.sender);
        uint256 wanted = uint256(supply) + m.amount;
        if (wanted > reserve || wanted > type(uint64).max) revert AboveReserve(wanted, reserve);
        m.done = true;
        supply = uint64(wanted);
        accounts[m.to].balance += m.amount; // can't overflow: every balance is part of supply
        emit Minted(mintId, m.to, m.amount);
    }

    /// @notice Proposes to burn what holders have paid into the redemption account. Only a treasurer.
    /// @param burnId new, chosen by the caller
    /// @param amount won, above zero
    function proposeBurn(bytes32 burnId, uint64 amount) external {
        if (msg.sender != treasurerA && msg.sender != treasurerB) revert NotAllowed(msg.sender);
        if (burns[burnId].proposer != address(0) || amount == 0) revert BadBurn(burnId);
        burns[burnId] = Burn(msg.sender, amount, false);
        emit BurnProposed(burnId, amount, msg.sender);
    }

    /// @notice Burns what the other treasurer proposed, once, if the redemption account has it.
    /// @param burnId as proposed
    function approveBurn(bytes32 burnId) external {
        if (msg.sender != treasurerA && msg.sender != treasurerB) revert NotAllowed(msg.sender);
        Burn storage b = burns[burnId];
        if (b.proposer == address(0) || b.done) revert BurnNotProposed(burnId);
        if (b.proposer == msg.sender) revert NotAllowed(msg.sender);
        Account storage redemption = accounts[REDEMPTION];
        if (b.amount > redemption.balance) revert AboveRedeemed(b.amount, redemption.balance);
        b.done = true;
        redemption.balance -= b.amount;
        supply -= b.amount; // can't underflow: every balance is part of supply
        emit Burned(burnId, b.amount);
    }

    // ---- settlement ----

    /// @notice Settles or skips each payment and then each captured hold, in order, with one event each in the same order:
    /// a bad one never fails its neighbours. Only the operator. Reverts only for the caller, for arguments that are not ABI-encoded as they
    /// should be, or (`MissingPrecompile`) on a chain without P256VERIFY.
    /// @param payments a transaction's gas (2^24) bounds how many
    /// @param captures see `payments`
    function settle(Payment[] calldata payments, CapturedHold[] calldata captures) external only(operator) {
        bytes32 separator = domainSeparator();
        uint256 free = _freeMemory();
        for (uint256 i = 0; i < payments.length; ++i) {
            _releaseMemory(free);
            Payment calldata p = payments[i];
            bytes32 id = _digest(separator, _structHash(p));
            Refusal refusal = _apply(p, id);
            if (refusal == Refusal.NONE) emit Settled(id, p.from, p.to, p.amount, p.billHash);
            else emit Refused(id, uint8(refusal));
        }
        for (uint256 i = 0; i < captures.length; ++i) {
            _releaseMemory(free);
            CapturedHold calldata c = captures[i];
            bytes32 id = _digest(separator, _holdHash(c));
            Refusal refusal = _capture(c, id, separator);
            if (refusal == Refusal.NONE) emit Settled(id, c.from, c.to, c.amount, c.billHash);
            else emit Refused(id, uint8(refusal));
        }
    }

    /// @dev All checks come before the first write, and the dearest check comes last.
    function _apply(Payment calldata p, bytes32 id) private returns (Refusal) {
        Refusal refusal =
            _refusal(p.from, p.keyVersion, p.to, p.amount, p.billHash, p.nonce, p.validAfter, p.validBefore);
        if (refusal != Refusal.NONE) return refusal;
        if (!_signed(id, p.r, p.s, accounts[p.from])) return Refusal.BAD_SIGNATURE;
        _move(id, p.from, p.to, p.amount, p.billHash, p.nonce);
        return Refusal.NONE;
    }

    /// @dev As `_apply`, with two signatures: the payer's over the most that may be taken, the capturer's over what is taken.
    function _capture(CapturedHold calldata c, bytes32 id, bytes32 separator) private returns (Refusal) {
        if (c.amount > c.maxAmount || (c.billHash != 0 && c.amount != c.maxAmount)) return Refusal.NOT_WITHIN_HOLD;
        Refusal refusal =
            _refusal(c.from, c.keyVersion, c.to, c.amount, c.billHash, c.nonce, c.validAfter, c.validBefore);
        if (refusal != Refusal.NONE) return refusal;
        if (c.maxAmount > MAX_AMOUNT) return Refusal.BAD_AMOUNT;
        Account storage capturer = accounts[c.capturer];
        if (c.captureKeyVersion == 0 || c.captureKeyVersion != capturer.keyVersion || capturer.frozen) {
            return Refusal.WRONG_CAPTURER;
        }
        if (!_signed(id, c.r, c.s, accounts[c.from])) return Refusal.BAD_SIGNATURE;
        bytes32 captureHash = keccak256(abi.encode(CAPTURE_TYPEHASH, id, c.captureKeyVersion, c.amount));
        if (!_signed(_digest(separator, captureHash), c.captureR, c.captureS, capturer)) return Refusal.BAD_CAPTURE;
        _move(id, c.from, c.to, c.amount, c.billHash, c.nonce);
        return Refusal.NONE;
    }

    /// @dev Why the ledger as it stands does not let this much move, whoever signed it.
    function _refusal(
        bytes32 from,
        uint32 keyVersion,
        bytes32 to,
        uint64 amount,
        bytes32 billHash,
        uint256 nonce,
        uint64 validAfter,
        uint64 validBefore
    ) private view returns (Refusal) {
        Account storage payer = accounts[from];
        if (!payer.exists) return Refusal.UNKNOWN_ACCOUNT;
        if (keyVersion == 0 || keyVersion != payer.keyVersion) return Refusal.WRONG_KEY_VERSION;
        if (nonces[from][nonce >> 8] & (1 << (nonce & 0xff)) != 0) return Refusal.NONCE_USED;
        if (block.timestamp < validAfter) return Refusal.NOT_YET_VALID;
        if (block.timestamp >= validBefore) return Refusal.EXPIRED;
        if (amount == 0 || amount > MAX_AMOUNT) return Refusal.BAD_AMOUNT;
        if (!accounts[to].exists || to == from) return Refusal.UNKNOWN_PAYEE;
        if (payer.frozen) return Refusal.FROZEN;
        if (billHash != 0 && billPaidBy[billHash] != 0) return Refusal.BILL_PAID;
        return payer.balance < amount ? Refusal.INSUFFICIENT : Refusal.NONE;
    }

    /// @dev What `_refusal` let pass and its keys signed: the nonce and the bill are used up, the money is the payee's.
    function _move(bytes32 id, bytes32 from, bytes32 to, uint64 amount, bytes32 billHash, uint256 nonce) private {
        nonces[from][nonce >> 8] |= 1 << (nonce & 0xff);
        if (billHash != 0) billPaidBy[billHash] = id;
        unchecked {
            accounts[from].balance -= amount; // checked by `_refusal`
            accounts[to].balance += amount; // can't overflow: every balance is part of supply
        }
    }

    // ---- views ----

    /// @notice An account as it stands; all zero and `exists` false for an unknown id.
    /// @param id the account
    /// @return x the key's point, with `y`; zero when the account has no key
    /// @return y see `x`
    /// @return keyVersion 0 without a key, 1 for the first key, one more for each rotation
    /// @return balance won
    /// @return frozen whether it is stopped from paying
    /// @return exists whether it was opened
    function account(bytes32 id)
        external
        view
        returns (uint256 x, uint256 y, uint32 keyVersion, uint64 balance, bool frozen, bool exists)
    {
        Account storage a = accounts[id];
        return (a.x, a.y, a.keyVersion, a.balance, a.frozen, a.exists);
    }

    /// @notice 256 of an account's nonces: bit b of word w is set when nonce `w << 8 | b` is used.
    /// @param from the account
    /// @param word which 256
    /// @return the bits
    function nonceWord(bytes32 from, uint256 word) external view returns (uint256) {
        return nonces[from][word];
    }

    /// @notice A mint as it stands; `proposer` is zero for an unknown one.
    /// @param mintId as proposed
    /// @return to the account that receives
    /// @return amount won
    /// @return proposer the treasurer who proposed
    /// @return done whether the other treasurer has approved
    function mint(bytes32 mintId) external view returns (bytes32 to, uint64 amount, address proposer, bool done) {
        Mint storage m = mints[mintId];
        return (m.to, m.amount, m.proposer, m.done);
    }

    /// @notice A burn as it stands; `proposer` is zero for an unknown one.
    /// @param burnId as proposed
    /// @return amount won
    /// @return proposer the treasurer who proposed
    /// @return done whether the other treasurer has approved
    function burn(bytes32 burnId) external view returns (uint64 amount, address proposer, bool done) {
        Burn storage b = burns[burnId];
        return (b.amount, b.proposer, b.done);
    }

    /// @notice The latest recovery of an account; `number` and `state` are zero when there was none.
    /// @param id the account
    /// @return number which proposal, counted from 1
    /// @return state a `RecoveryState`
    /// @return keyVersion the version of the key that it would replace
    /// @return x the new key's point, with `y`
    /// @return y see `x`
    /// @return approvals bit i is set when the agency at index i has approved
    /// @return readyAt unix second from which it may be finished; zero while too few have approved
    function recovery(bytes32 id)
        external
        view
        returns (
            uint32 number,
            RecoveryState state,
            uint32 keyVersion,
            uint256 x,
            uint256 y,
            uint256 approvals,
            uint64 readyAt
        )
    {
        Recovery storage r = recoveries[id];
        return (r.number, r.state, r.keyVersion, r.x, r.y, r.approvals, r.readyAt);
    }

    /// @notice How many agencies may approve recoveries.
    /// @return the length of `agencies`
    function agencyCount() external view returns (uint256) {
        return agencies.length;
    }

    /// @notice The EIP-712 domain separator on this chain. Computed each time, so that it follows a change of chain id.
    /// @return keccak256 of the encoded domain
    function domainSeparator() public view returns (bytes32) {
        return keccak256(abi.encode(DOMAIN_TYPEHASH, NAME_HASH, VERSION_HASH, block.chainid, address(this)));
    }

    /// @notice The id of an authorisation: sha256 of the 66 bytes that its payer signs. `r` and `s` don't count.
    /// @param payment the authorisation
    /// @return the id
    function authorisationId(Payment calldata payment) external view returns (bytes32) {
        return _digest(domainSeparator(), _structHash(payment));
    }

    /// @notice The id of a hold: sha256 of the 66 bytes that its payer signs. What the capturer signs does not count.
    /// @param hold the hold
    /// @return the id
    function holdId(CapturedHold calldata hold) external view returns (bytes32) {
        return _digest(domainSeparator(), _holdHash(hold));
    }

    // ---- internals ----

    /// @dev What an item takes of memory (messages to hash) is not needed by the next: without giving it back, memory and its
    /// price would grow with the square of a batch's length.
    function _freeMemory() private pure returns (uint256 free) {
        assembly ("memory-safe") {
            free := mload(0x40)
        }
    }

    /// @param free as `_freeMemory` answered; nothing allocated since may be used any more
    function _releaseMemory(uint256 free) private pure {
        assembly ("memory-safe") {
            mstore(0x40, free)
        }
    }

    function _structHash(Payment calldata p) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                PAY_TYPEHASH, p.from, p.keyVersion, p.to, p.amount, p.billHash, p.nonce, p.validAfter, p.validBefore
            )
        );
    }

    function _holdHash(CapturedHold calldata c) private pure returns (bytes32) {
        return keccak256(
            abi.encode(
                HOLD_TYPEHASH,
                c.from,
                c.keyVersion,
                c.to,
                c.capturer,
                c.maxAmount,
                c.billHash,
                c.nonce,
                c.validAfter,
                c.validBefore
            )
        );
    }

    function _digest(bytes32 separator, bytes32 structHash) private pure returns (bytes32) {
        return sha256(abi.encodePacked(hex"1901", separator, structHash));
    }

    /// @dev The library takes only the lower of the two `s`; hardware keys give either, so the upper is mirrored first.
    function _signed(bytes32 digest, bytes32 r, bytes32 s, Account storage a) private view returns (bool) {
        if (uint256(s) >= P256.N) return false;
        if (uint256(s) > P256.N / 2) s = bytes32(P256.N - uint256(s));
        return P256.verifyNative(digest, r, s, bytes32(a.x), bytes32(a.y));
    }

    function _requireSigned(
        bytes32 id,
        Account storage a,
        uint32 keyVersion,
        bytes32 structHash,
        bytes32 r,
        bytes32 s
    ) private view {
        if (keyVersion == 0 || keyVersion != a.keyVersion) revert WrongKeyVersion(id, a.keyVersion);
        if (!_signed(_digest(domainSeparator(), structHash), r, s, a)) revert BadSignature();
    }

    /// @dev The latest proposal, as long as the key that it would replace is the account's: a rotation ends it too.
    function _recovery(bytes32 id, uint32 number) private view returns (Recovery storage r) {
        r = recoveries[id];
        if (number == 0 || r.number != number || r.keyVersion != accounts[id].keyVersion) {
            revert NoSuchRecovery(id, number);
        }
    }

    function _agencyIndex(address agency) private view returns (uint256) {
        for (uint256 i = 0; i < agencies.length; ++i) {
            if (agencies[i] == agency) return i;
        }
        revert NotAllowed(agency);
    }

    function _count(uint256 bits) private pure returns (uint256 count) {
        for (; bits != 0; bits &= bits - 1) ++count;
    }

    function _changeKey(bytes32 id, Account storage a, uint256 x, uint256 y) private {
        _requireOnCurve(x, y);
        a.x = x;
        a.y = y;
        a.keyVersion += 1;
        emit KeyChanged(id, a.keyVersion, x, y);
    }

    function _requireOnCurve(uint256 x, uint256 y) private pure {
        if (!P256.isValidPublicKey(bytes32(x), bytes32(y))) revert NotOnCurve(x, y);
    }

    function _existing(bytes32 id) private view returns (Account storage a) {
        a = accounts[id];
        if (!a.exists) revert UnknownAccount(id);
    }
}
