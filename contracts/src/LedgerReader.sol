// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ledger} from "./Ledger.sol";

/// @title Many words of a ledger in one call
/// @notice Stands on no chain: a node is asked what creating it would leave (`eth_call` without `to`), and that is the answer. So
/// one state of the chain is loaded for all of it, and ledgers that stand already can be read.
/// @dev What a creation leaves has at most 24,576 bytes (EIP-170) and does not begin with 0xEF (EIP-3541), and what is handed over
/// with the code has at most 49,152 (EIP-3860): hence the count before the answers, and one word an answer. What the ledger
/// refuses this refuses, with the ledger's error.
contract LedgerReader {
    /// @notice What is asked for each key, and what its word says.
    enum What {
        ACCOUNTS, // 0: an account's id; bits 0 to 63 its balance, 64 to 95 its keyVersion, 96 whether frozen, 97 whether it exists
        NONCES, // 1: two keys, an account's id and which word; the 256 bits of `nonceWord`
        BILLS // 2: a bill's hash; the id of the authorisation that paid it, zero while it is unpaid
    }

    /// @notice Nothing stands at this address.
    error NoLedger(address place);

    /// @param ledger whose words
    /// @param what see `What`
    /// @param keys of what
    constructor(Ledger ledger, What what, bytes32[] memory keys) {
        if (address(ledger).code.length == 0) revert NoLedger(address(ledger));
        uint256 each = what == What.NONCES ? 2 : 1;
        uint256[] memory answers = new uint256[](keys.length / each);
        for (uint256 i = 0; i < answers.length; ++i) {
            bytes32 key = keys[i * each];
            if (what == What.ACCOUNTS) answers[i] = _account(ledger, key);
            else if (what == What.NONCES) answers[i] = ledger.nonceWord(key, uint256(keys[i * each + 1]));
            else answers[i] = uint256(ledger.billPaidBy(key));
        }
        assembly ("memory-safe") {
            // how many, then each
            return(answers, mul(add(mload(answers), 1), 0x20))
        }
    }

    function _account(Ledger ledger, bytes32 id) private view returns (uint256) {
        (,, uint32 keyVersion, uint64 balance, bool frozen, bool exists) = ledger.account(id);
        return uint256(balance) | uint256(keyVersion) << 64 | (frozen ? 1 << 96 : 0) | (exists ? 1 << 97 : 0);
    }
}
