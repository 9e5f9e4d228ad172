// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Anchors of transparency logs
/// @notice Keeps, for each log, the newest tree that one of its anchorers put here, and says in an event which tree stood when.
/// A log grows only: a smaller tree, or a second root for a size, is refused. Whoever knows a leaf can check it here against
/// the newest tree (RFC 6962). What is in the log is nobody's to read from this contract: it holds sizes and roots.
/// @dev Size and root of the newest tree lie in two slots that are written over (5,000 gas each); a slot of its own for every
/// tree would cost 22,100. Older trees follow from the events, and from the newest tree by a consistency proof.
contract AnchorRegistry {
    struct Tree {
        uint64 size;
        uint64 time;
        bool open;
        bytes32 root;
    }

    address public owner;
    address public pendingOwner;
    mapping(bytes32 logId => Tree) private trees;
    mapping(bytes32 logId => mapping(address anchorer => bool)) public isAnchorer;

    /// @notice A tree of `size` leaves with this root stood in the log at `time`, seconds since 1970.
    event Anchored(bytes32 indexed logId, uint64 indexed size, bytes32 root, uint64 time);
    event LogOpened(bytes32 indexed logId, string origin);
    event AnchorerChanged(bytes32 indexed logId, address indexed anchorer, bool allowed);
    event OwnershipOffered(address indexed from, address indexed to);
    event OwnershipTaken(address indexed from, address indexed to);

    error NotOwner(address caller);
    error NotPendingOwner(address caller);
    error NotAnchorer(bytes32 logId, address caller);
    error LogNotOpen(bytes32 logId);
    error LogAlreadyOpen(bytes32 logId);
    error OriginEmpty();
    error SmallerThanAnchored(uint64 anchored, uint64 size);
    error OtherRootAnchored(uint64 size, bytes32 anchored, bytes32 root);
    error AlreadyAnchored(uint64 size);

    modifier onlyOwner() {
        if (msg.sender != owner) revert NotOwner(msg.sender);
        _;
    }

    constructor() {
        owner = msg.sender;
        emit OwnershipTaken(address(0), msg.sender);
    }

    /// @notice Offers the contract to somebody; nothing changes until they take it. The zero address withdraws an offer.
    function offerOwnership(address to) external onlyOwner {
        pendingOwner = to;
        emit OwnershipOffered(owner, to);
    }

    function takeOwnership() external {
        if (msg.sender != pendingOwner) revert NotPendingOwner(msg.sender);
        emit OwnershipTaken(owner, msg.sender);
        owner = msg.sender;
        pendingOwner = address(0);
    }

    /// @notice Makes room for a log, named by the origin line of its checkpoints. Its first tree is the empty one.
    function openLog(string calldata origin) external onlyOwner returns (bytes32 logId) {
        if (bytes(origin).length == 0) revert OriginEmpty();
        logId = sha256(bytes(origin));
        if (trees[logId].open) revert LogAlreadyOpen(logId);
        trees[logId] = Tree({size: 0, time: uint64(block.timestamp), open: true, root: sha256("")});
        emit LogOpened(logId, origin);
    }

    function setAnchorer(bytes32 logId, address anchorer, bool allowed) external onlyOwner {
        if (!trees[logId].open) revert LogNotOpen(logId);
        isAnchorer[logId][anchorer] = allowed;
        emit AnchorerChanged(logId, anchorer, allowed);
    }

    /// @notice Puts a tree of the log on this chain: larger than the one before, by one of its anchorers.
    function anchor(bytes32 logId, uint64 size, bytes32 root) external {
        if (!isAnchorer[logId][msg.sender]) revert NotAnchorer(logId, msg.sender);
        Tree storage tree = trees[logId];
        uint64 anchored = tree.size;
        if (size < anchored) revert SmallerThanAnchored(anchored, size);
        if (size == anchored) {
            if (root != tree.root) revert OtherRootAnchored(size, tree.root, root);
            revert AlreadyAnchored(size);
        }
        tree.size = size;
        tree.time = uint64(block.timestamp);
        tree.root = root;
        emit Anchored(logId, size, root, uint64(block.timestamp));
    }

    /// @notice The newest tree of a log.
    function newest(bytes32 logId) external view returns (uint64 size, bytes32 root, uint64 time) {
        Tree storage tree = trees[logId];
        if (!tree.open) revert LogNotOpen(logId);
        return (tree.size, tree.root, tree.time);
    }

    /// @notice Whether the leaf with this hash stands at `index` of the newest anchored tree.
    function isIncluded(bytes32 logId, bytes32 leafHash, uint64 index, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        Tree storage tree = trees[logId];
        if (!tree.open) revert LogNotOpen(logId);
        return verifyInclusion(tree.size, tree.root, leafHash, index, proof);
    }

    /// @notice Whether an older tree is the beginning of the newest anchored one.
    function isExtended(bytes32 logId, uint64 oldSize, bytes32 oldRoot, bytes32[] calldata proof)
        external
        view
        returns (bool)
    {
        Tree storage tree = trees[logId];
        if (!tree.open) revert LogNotOpen(logId);
        return verifyConsistency(oldSize, oldRoot, tree.size, tree.root, proof);
    }

    /// @notice RFC 6962 section 2.1.1, checked as in RFC 9162 section 2.1.3.2. False for every proof that does not hold.
    function verifyInclusion(uint64 size, bytes32 root, bytes32 leafHash, uint64 index, bytes32[] calldata proof)
        public
        pure
        returns (bool)
    {
        if (index >= size || proof.length > 64) return false;
        uint256 node = index;
        uint256 last = uint256(size) - 1;
        bytes32 hash = leafHash;
        for (uint256 i = 0; i < proof.length; i++) {
            if (last == 0) return false;
            if (node & 1 == 1 || node == last) {
                hash = nodeHash(proof[i], hash);
                while (node & 1 == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                hash = nodeHash(hash, proof[i]);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && hash == root;
    }

    /// @notice RFC 6962 section 2.1.2, checked as in RFC 9162 section 2.1.4.2. The empty tree is the beginning of every tree.
    function verifyConsistency(
        uint64 oldSize,
        bytes32 oldRoot,
        uint64 newSize,
        bytes32 newRoot,
        bytes32[] calldata proof
    ) public pure returns (bool) {
        if (oldSize > newSize || proof.length > 64) return false;
        if (oldSize == newSize) return proof.length == 0 && oldRoot == newRoot;
        if (oldSize == 0) return proof.length == 0 && oldRoot == sha256("");
        uint256 node = uint256(oldSize) - 1;
        uint256 last = uint256(newSize) - 1;
        while (node & 1 == 1) {
            node >>= 1;
            last >>= 1;
        }
        uint256 i = 0;
        bytes32 oldHash = oldRoot;
        // Unless the old tree is itself a left subtree of the new one, the proof begins with the hash to climb from.
        if (node != 0) {
            if (proof.length == 0) return false;
            oldHash = proof[i++];
        }
        bytes32 newHash = oldHash;
        for (; i < proof.length; i++) {
            if (last == 0) return false;
            if (node & 1 == 1 || node == last) {
                oldHash = nodeHash(proof[i], oldHash);
                newHash = nodeHash(proof[i], newHash);
                while (node & 1 == 0 && node != 0) {
                    node >>= 1;
                    last >>= 1;
                }
            } else {
                newHash = nodeHash(newHash, proof[i]);
            }
            node >>= 1;
            last >>= 1;
        }
        return last == 0 && oldHash == oldRoot && newHash == newRoot;
    }

    function nodeHash(bytes32 left, bytes32 right) private pure returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0x01), left, right));
    }
}
