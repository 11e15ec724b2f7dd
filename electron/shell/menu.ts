/** The application menu. Items that need the page send it a command. */
import { app, Menu, type MenuItemConstructorOptions } from 'electron';
import type { MenuCommand } from '../bridge/index.ts';

export interface MenuHooks {
  readonly send: (command: MenuCommand) => void;
  /** Asks first where something would end. */
  readonly quit: () => void;
  readonly about: () => void;
  readonly copyDiagnostics: () => void;
}

export function setMenu(hooks: MenuHooks, dev: boolean): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(template(hooks, dev)));
}

function template({ send, quit, about, copyDiagnostics }: MenuHooks, dev: boolean): MenuItemConstructorOptions[] {
  const file: MenuItemConstructorOptions[] = [
    { label: 'Open recording…', accelerator: 'CmdOrCtrl+O', click: () => send('open-recording') },
    { label: 'Recordings', accelerator: 'CmdOrCtrl+L', click: () => send('library') },
    { label: 'Disconnect', accelerator: 'CmdOrCtrl+Shift+D', click: () => send('disconnect') },
    { type: 'separator' },
    { label: 'Settings…', accelerator: 'CmdOrCtrl+,', click: () => send('settings') },
    { type: 'separator' },
    { label: `Quit ${app.name}`, accelerator: 'CmdOrCtrl+Q', click: quit },
  ];
  const edit: MenuItemConstructorOptions[] = [
    { role: 'undo' },
    { role: 'redo' },
    { type: 'separator' },
    { role: 'cut' },
    { role: 'copy' },
    { role: 'paste' },
    { role: 'selectAll' },
    { type: 'separator' },
    { label: 'Find', accelerator: 'CmdOrCtrl+F', click: () => send('find') },
  ];
  const view: MenuItemConstructorOptions[] = [
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    ...(dev ? ([{ type: 'separator' }, { role: 'reload' }, { role: 'toggleDevTools' }] as const) : []),
  ];
  return [
    ...(process.platform === 'darwin' ? [macMenu(about)] : []),
    { label: 'File', submenu: file },
    { label: 'Edit', submenu: edit },
    { label: 'View', submenu: view },
    {
      role: 'help',
      submenu: [
        { label: 'What Sonde does', click: () => send('welcome') },
        { type: 'separator' },
        { label: 'Copy diagnostics', click: copyDiagnostics },
        { label: `About ${app.name}`, click: about },
      ],
    },
  ];
}

/** Its own Quit would not ask. */
function macMenu(about: () => void): MenuItemConstructorOptions {
  return {
    label: app.name,
    submenu: [
      { label: `About ${app.name}`, click: about },
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
    ],
  };
}
