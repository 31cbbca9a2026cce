/**
 * Types of the public surface. Nothing here runs: the compiler, which lint asks, checks these files. An expected error
 * that does not come is an error itself, and `toEqualTypeOf` tells `any` from every other type.
 */
import { type Output } from "@pulumi/pulumi";

/** Values that a program has from elsewhere: another resource, the stack's configuration, a promise. */
export declare const text: Output<string>;
export declare const texts: Output<string[]>;
export declare const map: Output<Record<string, string>>;
export declare const count: Output<number>;
export declare const laterText: Promise<string>;
export declare const laterTexts: Promise<string[]>;
export declare const laterMap: Promise<Record<string, string>>;
export declare const laterCount: Promise<number>;

/** The keys that hold `any`. */
export type AnyKeys<T> = { [Key in keyof T]-?: 0 extends 1 & T[Key] ? Key : never }[keyof T];
