/** A result for people: lists one by one, members by name, nothing that is absent. */
export function text(value: unknown, indent = ''): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'object') return `${indent}${String(value)}\n`;
  if (Array.isArray(value)) {
    if (value.length === 0) return `${indent}(none)\n`;
    return value
      .map((each) =>
        typeof each === 'object'
          ? `${indent}-\n${text(each, `${indent}  `)}`
          : `${indent}- ${String(each)}\n`,
      )
      .join('');
  }
  const entries = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  if (entries.length === 1 && entries[0]![0] === 'items') return text(entries[0]![1], indent);
  return entries
    .map(([name, member]) =>
      typeof member === 'object'
        ? `${indent}${name}:\n${text(member, `${indent}  `)}`
        : `${indent}${name}: ${String(member)}\n`,
    )
    .join('');
}
