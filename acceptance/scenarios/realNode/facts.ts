/** What the notes of istiod's chart tell, as those of many charts do. */
export const PASSWORD = 'hunter2-of-the-notes';

/** Set by the testbed on its real nodes, as label and as taint. */
export const NODE_LABEL = 'testbed.mesh-upgrade.io/node';
