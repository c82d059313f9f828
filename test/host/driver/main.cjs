// Panels of a real extension: VS Code passes bytes only for extensions that say which VS Code they need.
const { window } = require('vscode');

exports.activate = () => ({ createWebviewPanel: window.createWebviewPanel });
