/** Bound variables of one statement are limited, most tightly by SQLite. */
export const BATCH = 100;
