/** A place in an archive: a member, or a folder that is only in the names of members. */
export interface Node<M> {
  /** Its path from the file on, which tells it from every other. */
  path: string;
  /** What is shown of it; of folders that hold nothing but one more, all of them. */
  name: string;
  member?: M;
  children: Node<M>[];
}

export interface Row<M> {
  node: Node<M>;
  /** 1 for what lies in the file itself. */
  level: number;
}

/** Deeper paths are one name from here on: a hostile archive may have thousands of levels. */
const DEEPEST = 16;

const split = (path: string): string[] => {
  const parts = path.split('/').filter((part) => part !== '');
  return parts.length <= DEEPEST ? parts : [...parts.slice(0, DEEPEST - 1), parts.slice(DEEPEST - 1).join('/')];
};

const shorten = <M>(node: Node<M>): Node<M> => {
  const [only, ...others] = node.children;
  if (node.member === undefined && only !== undefined && others.length === 0) {
    const short = shorten(only);
    return { ...short, name: `${node.name}/${short.name}` };
  }
  return { ...node, children: node.children.map(shorten) };
};

/** The members of an archive as a tree; what came first stays in front. */
export const treeOf = <M extends { displayName: string }>(members: M[]): Node<M>[] => {
  const root: Node<M> = { path: '', name: '', children: [] };
  const nodes = new Map<string, Node<M>>([['', root]]);
  const nodeAt = (parts: string[]): Node<M> => {
    const path = parts.join('/');
    const known = nodes.get(path);
    if (known !== undefined) return known;
    const node: Node<M> = { path, name: parts.at(-1) ?? '', children: [] };
    nodes.set(path, node);
    nodeAt(parts.slice(0, -1)).children.push(node);
    return node;
  };
  for (const member of members) {
    const node = nodeAt(split(member.displayName));
    // Two members may have one name; each is shown.
    if (node.member === undefined && node !== root) node.member = member;
    else
      root.children.push({
        path: `${member.displayName}\n${root.children.length}`,
        name: member.displayName,
        member,
        children: [],
      });
  }
  return root.children.map(shorten);
};

/** The rows of a tree that are seen, when `isOpen` says which nodes are open. */
export const rowsOf = <M>(nodes: Node<M>[], isOpen: (node: Node<M>) => boolean, level = 1): Row<M>[] =>
  nodes.flatMap((node) => [{ node, level }, ...(isOpen(node) ? rowsOf(node.children, isOpen, level + 1) : [])]);
