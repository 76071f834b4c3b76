// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Anchors of the agencies' record logs
/// @notice Keeps, for each log, the tree size and root hash of checkpoints that its publisher has shown. A log can't go back
/// and can't show two roots for one size, whoever holds its signing key.
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
    function anchor(bytes32 origin, uint64 size, bytes32 root) external {
        if (msg.sender != publisherOf[origin]) revert NotAllowed(msg.sender);
        if (size == 0 || root == 0) revert Missing();
        bytes32 anchored = rootAt[origin][size];
        if (anchored == root) return;
        if (anchored != 0) revert Fork(origin, size, anchored);
        Checkpoint storage c = checkpoints[origin];
        if (size < c.size) revert GoesBack(origin, size, c.size);
        rootAt[origin][size] = root;
        c.root = root;
        c.size = size;
        emit Anchored(origin, size, root);
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
