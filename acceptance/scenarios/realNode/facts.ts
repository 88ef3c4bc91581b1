/** What the notes of istiod's chart tell, as those of many charts do. */
export const PASSWORD = 'hunter2-of-the-notes';

/** Set by the testbed on its real nodes, as label and as taint. */
export const NODE_LABEL = 'testbed.mesh-upgrade.io/node';

/** Where a chart looks for istiod, and nobody has put it. */
export const ELSEWHERE = 'elsewhere/pilot';
