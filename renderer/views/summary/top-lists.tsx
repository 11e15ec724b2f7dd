import type { Lead, TopList } from '../../../electron/bridge/contract.ts';

export interface TopListsProps {
  readonly lists: readonly TopList[];
  readonly onLead: (lead: Lead) => void;
}

/** The few of each kind that matter most; a row leads to its view. */
export function TopLists({ lists, onLead }: TopListsProps) {
  return lists.map((list) => (
    <section key={list.title} className="summary-part">
      <h2>{list.title}</h2>
      <table className="summary-table summary-top">
        <thead>
          <tr>
            {list.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.rows.map(({ cells, lead }) => (
            <tr key={cells.join('\0')}>
              {cells.slice(0, -1).map((cell, at) => (
                <td key={list.columns[at]}>{cell}</td>
              ))}
              <td className="summary-name">
                <button type="button" className="button summary-lead" title={cells.at(-1)} onClick={() => onLead(lead)}>
                  {cells.at(-1)}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  ));
}
