/**
 * The version of this contract, apart from Headrace's own: its second number grows with what is added, its first with what a
 * plugin that is there already would have to be changed for.
 */
export const CONTRACT_VERSION = '1.0';
