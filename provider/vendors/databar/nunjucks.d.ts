/** The parts of nunjucks that read a template, which its published types leave out. */
declare module "nunjucks" {
  /**
   * A template as a tree. Throws an error with `lineno` and `colno`, both from 1, where the text is
   * no template.
   */
  export const parser: { parse(text: string): nodes.Node };

  export namespace nodes {
    class Node {
      findAll<T extends Node>(type: new (...args: never[]) => T): T[];
    }
    class Symbol extends Node {
      readonly value: string;
    }
    class FunCall extends Node {
      readonly name: Node;
    }
    class Filter extends FunCall {}
    class Pair extends Node {
      readonly key: Node;
    }
    class Is extends Node {
      readonly right: Node;
    }
    class For extends Node {
      readonly name: Node;
    }
    class Set extends Node {
      readonly targets: readonly Node[];
    }
    class Macro extends Node {
      readonly name: Node;
      readonly args: Node;
    }
  }
}
