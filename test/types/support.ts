/**
 * Types of the public surface. The compiler checks these files; nothing here runs. A missing
 * expected error is an error itself, and `toEqualTypeOf` distinguishes `any` from every other type.
 */
import { type Output } from "@pulumi/pulumi";

/** Values from another resource, the stack's configuration or a promise. */
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
