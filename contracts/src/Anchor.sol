// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Anchors of the agencies' record logs
/// @notice Keeps, for each log, the tree size and root hash of checkpoints that its publisher has shown. Each must come with the
/// proof that its tree begins with that of the one before (RFC 6962, section 2.1.2), so a log can't go back, fork or rewrite what
/// it has shown, whoever holds its signing key. The first checkpoint of a log is taken as it is.
/// @dev A log is named by `origin`, the SHA-256 of its checkpoints' origin line (C2SP tlog-checkpoint) without the newline.
/// There are no immutables, so the deployed code is the same byte for byte on every chain.
contract Anchor {
    struct Checkpoint {
        bytes32 root;
        uint64 size;
    }

    /// @notice Names the publishers. Can't anchor.
    address public owner;
    /// @notice Who anchors a log; zero for a log that is not registered.
    mapping(bytes32 origin => address publisher) public publisherOf;
    /// @notice The root anchored for a size of a log; zero for a size that was never anchored.
    mapping(bytes32 origin => mapping(uint64 size => bytes32 root)) public rootAt;

    mapping(bytes32 origin => Checkpoint) private checkpoints;

    /// @notice A log has a publisher from now on.
    event Registered(bytes32 indexed origin, address indexed publisher);
    /// @notice A size of a log has this root for ever.
    event Anchored(bytes32 indexed origin, uint64 indexed size, bytes32 root);

    /// @notice The caller is not the one who may do this.
    error NotAllowed(address caller);
    /// @notice An address, an origin, a size or a root is zero.
    error Missing();
    /// @notice This size was anchored with another root: the log shows two histories.
    error Fork(bytes32 origin, uint64 size, bytes32 anchored);
    /// @notice The log has already been anchored at a greater size.
    error GoesBack(bytes32 origin, uint64 size, uint64 latest);
    /// @notice The proof does not show that the tree begins with the one anchored last.
    error Inconsistent(bytes32 origin, uint64 size, uint64 latest);

    /// @param owner_ see `owner`
    constructor(address owner_) {
        if (owner_ == address(0)) revert Missing();
        owner = owner_;
    }

    /// @notice Names a log's publisher, or replaces it; what was anchored stays. Only the owner.
    /// @param origin SHA-256 of the log's origin line
    /// @param publisher who anchors from now on
    function register(bytes32 origin, address publisher) external {
        if (msg.sender != owner) revert NotAllowed(msg.sender);
        if (origin == 0 || publisher == address(0)) revert Missing();
        publisherOf[origin] = publisher;
        emit Registered(origin, publisher);
    }

    /// @notice Anchors a checkpoint. Only the log's publisher. The same size with the same root again succeeds and changes
    /// nothing, so that a publisher may repeat itself after a crash.
    /// @param origin SHA-256 of the log's origin line
    /// @param size the tree's size, above the latest
    /// @param root the tree's root hash
    /// @param proof the consistency proof from the latest anchored size to this one; empty for a log's first checkpoint
    function anchor(bytes32 origin, uint64 size, bytes32 root, bytes32[] calldata proof) external {
        if (msg.sender != publisherOf[origin]) revert NotAllowed(msg.sender);
        if (size == 0 || root == 0) revert Missing();
        bytes32 anchored = rootAt[origin][size];
        if (anchored == root) return;
        if (anchored != 0) revert Fork(origin, size, anchored);
        Checkpoint storage c = checkpoints[origin];
        uint64 latestSize = c.size;
        if (size < latestSize) revert GoesBack(origin, size, latestSize);
        if (latestSize == 0 ? proof.length != 0 : !consistent(latestSize, c.root, size, root, proof)) {
            revert Inconsistent(origin, size, latestSize);
        }
        rootAt[origin][size] = root;
        c.root = root;
        c.size = size;
        emit Anchored(origin, size, root);
    }

    /// @notice Whether a tree is the beginning of a larger one (RFC 9162, section 2.1.4.2).
    /// @param older size of the smaller tree, at least 1
    /// @param olderRoot its root hash
    /// @param newer size of the larger tree, above `older`
    /// @param newerRoot its root hash
    /// @param proof consistency proof, RFC 6962 order
    function consistent(uint64 older, bytes32 olderRoot, uint64 newer, bytes32 newerRoot, bytes32[] calldata proof)
        public
        pure
        returns (bool)
    {
        if (older == 0 || older >= newer) return false;
        uint64 node = older - 1;
        uint64 last = newer - 1;
        while (node & 1 == 1) {
            node >>= 1;
            last >>= 1;
        }
        uint256 next = 0;
        bytes32 old = olderRoot;
        // a tree whose size is a power of two is its own first hash
        if (node != 0) {
            if (proof.length == 0) return false;
            old = proof[next++];
        }
        bytes32 grown = old;
        for (; next < proof.length; ++next) {
            if (last == 0) return false;
            bytes32 hash = proof[next];
            if (node & 1 == 1 || node == last) {
                old = inner(hash, old);
                grown = inner(hash, grown);
                while (node & 1 == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                grown = inner(grown, hash);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && old == olderRoot && grown == newerRoot;
    }

    /// @dev The hash of an inner node (RFC 6962, section 2.1).
    function inner(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }

    /// @notice The latest checkpoint of a log; both zero when none was anchored.
    /// @param origin SHA-256 of the log's origin line
    /// @return size the tree's size
    /// @return root the tree's root hash
    function latest(bytes32 origin) external view returns (uint64 size, bytes32 root) {
        Checkpoint storage c = checkpoints[origin];
        return (c.size, c.root);
    }
}
