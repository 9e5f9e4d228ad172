// What is known of chains by their number (EIP-155).

/** The embedded chain's: the number by which tools know a chain that runs on one's own machine. */
export const localChainId = 31_337;
