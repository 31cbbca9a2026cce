/**
 * What to do when a connector of the same name exists. Unset: an identical one is adopted with a warning, a different
 * one fails the deployment. `adopt` takes over the one there is, whatever it holds; `create` always creates another;
 * `fail` refuses.
 */
export type OnConflict = "adopt" | "create" | "fail";
