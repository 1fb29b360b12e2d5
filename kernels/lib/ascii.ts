/** Characters that stand in numbers and times. */
export const MINUS: u32 = 0x2d;
export const DOT: u32 = 0x2e;
export const ZERO: u32 = 0x30;
export const COLON: u32 = 0x3a;
export const ZULU: u32 = 0x5a;
