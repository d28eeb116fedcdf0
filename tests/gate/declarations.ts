/** A module's declarations as a user of their types sees them: no comments, bodies, private members or values. @module */

/** One top-level declaration; a function with overloads has several parts. */
export interface Declaration {
  readonly parts: string[];
  /** Names of the types that it is made of. */
  readonly references: Set<string>;
  documented: boolean;
  /** Whether it is a type that computes another one. */
  computes: boolean;
}

/** A name in another module. */
export interface Elsewhere {
  readonly specifier: string;
  /** Its name there. */
  readonly name: string;
}

/** What a module declares, imports and exports. */
export interface Declarations {
  readonly declared: ReadonlyMap<string, Declaration>;
  /** By the name it has here. */
  readonly imported: ReadonlyMap<string, Elsewhere>;
  /** By the name it has outside; a string is the name of something declared or imported here. */
  readonly exported: ReadonlyMap<string, string | Elsewhere>;
  /** Modules of which everything is exported. */
  readonly exportedWhole: readonly string[];
}

type Range = Deno.lint.Range;

/** Reads a module's text. */
export function declarationsOf(text: string): Declarations {
  const declared = new Map<string, Declaration>();
  const imported = new Map<string, Elsewhere>(), exported = new Map<string, string | Elsewhere>();
  const exportedWhole: string[] = [], statements: { names: string[]; range: Range }[] = [];
  const comments: Range[] = [], cuts: Range[] = [], references: { name: string; at: number }[] = [];
  const conditions: Range[] = [];
  const cut = (range: Range) => void cuts.push(range);
  const cutBody = ({ body }: { body: { range: Range; type: string } | null }) => {
    if (body?.type === "BlockStatement") cut(body.range);
  };
  const refer = (node: Deno.lint.Node) => {
    if (node.type === "Identifier") references.push({ name: node.name, at: node.range[0] });
  };
  const visitor: Deno.lint.LintVisitor = {
    Program(program) {
      for (const { range, type } of program.comments) {
        cut(range);
        if (type === "Block") comments.push(range);
      }
      for (const statement of program.body) {
        const inner = statement.type === "ExportNamedDeclaration" ? statement.declaration ?? statement : statement;
        const names = namesOf(inner);
        if (names.length > 0) statements.push({ names, range: statement.range });
        if (inner !== statement) { for (const name of names) exported.set(name, name); }
      }
    },
    ImportDeclaration(node) {
      for (const specifier of node.specifiers) {
        if (specifier.type !== "ImportSpecifier") continue;
        imported.set(specifier.local.name, { specifier: node.source.value, name: nameOf(specifier.imported) });
      }
    },
    ExportNamedDeclaration(node) {
      for (const specifier of node.specifiers) {
        const name = nameOf(specifier.local);
        exported.set(nameOf(specifier.exported), node.source === null ? name : { specifier: node.source.value, name });
      }
    },
    ExportAllDeclaration: (node) => void exportedWhole.push(node.source.value),
    TSConditionalType: (node) => void conditions.push(node.range),
    TSTypeReference: (node) => refer(node.typeName),
    TSTypeQuery: (node) => refer(node.exprName),
    TSInterfaceHeritage: (node) => refer(node.expression),
    TSClassImplements: (node) => refer(node.expression),
    ClassDeclaration(node) {
      if (node.superClass !== null) refer(node.superClass);
    },
    FunctionDeclaration: cutBody,
    FunctionExpression: cutBody,
    ArrowFunctionExpression: cutBody,
    StaticBlock: (node) => cut(node.range),
    MethodDefinition(node) {
      if (isPrivate(node)) cut(node.range);
    },
    PropertyDefinition(node) {
      if (isPrivate(node)) cut(node.range);
      else if (node.typeAnnotation && node.value) cut([node.typeAnnotation.range[1], node.value.range[1]]);
    },
    VariableDeclarator({ id, init }) {
      if (id.type === "Identifier" && id.typeAnnotation && init) cut([id.typeAnnotation.range[1], init.range[1]]);
    },
  };
  Deno.lint.runPlugin({ name: "gatewright", rules: { tree: { create: () => visitor } } }, "module.ts", text);

  for (const { names, range } of statements) {
    const documented = comments.some(([from, to]) =>
      text.startsWith("/**", from) && /^\s*$/.test(text.slice(to, range[0]))
    );
    for (const name of names) {
      const declaration = declared.get(name) ?? {
        parts: [],
        references: new Set(),
        documented: false,
        computes: false,
      };
      declaration.parts.push(without(text, range, cuts));
      declaration.documented ||= documented;
      declaration.computes ||= /^(?:export )?type /.test(text.slice(...range)) &&
        conditions.some((inner) => within(inner, range));
      for (const { name: used, at } of references) {
        const hidden = cuts.some((cut) => within([at, at + 1], cut));
        if (within([at, at + 1], range) && !hidden) declaration.references.add(used);
      }
      declared.set(name, declaration);
    }
  }
  return { declared, imported, exported, exportedWhole };
}

function within(inner: Range, outer: Range): boolean {
  return outer[0] <= inner[0] && inner[1] <= outer[1];
}

function namesOf(node: Deno.lint.Node): string[] {
  switch (node.type) {
    case "VariableDeclaration":
      return node.declarations.flatMap(({ id }) => id.type === "Identifier" ? [id.name] : []);
    case "FunctionDeclaration":
    case "TSDeclareFunction":
    case "ClassDeclaration":
    case "TSInterfaceDeclaration":
    case "TSTypeAliasDeclaration":
    case "TSEnumDeclaration":
      return node.id === null ? [] : [node.id.name];
    default:
      return [];
  }
}

function nameOf(node: Deno.lint.Identifier | Deno.lint.StringLiteral): string {
  return node.type === "Identifier" ? node.name : node.value;
}

function isPrivate(node: Deno.lint.MethodDefinition | Deno.lint.PropertyDefinition): boolean {
  return node.key.type === "PrivateIdentifier" || node.accessibility === "private";
}

/** The text of a range without the cuts, and without the lines that they leave empty. */
function without(text: string, [start, end]: Range, cuts: readonly Range[]): string {
  let kept = "", at = start;
  for (const [from, to] of cuts.toSorted((a, b) => a[0] - b[0])) {
    if (from < at || from >= end) continue;
    kept += text.slice(at, from);
    at = to;
  }
  kept += text.slice(at, end);
  return kept.split("\n").map((line) => line.replace(/\s+;?$/, "")).filter((line) => line !== "").join("\n");
}
