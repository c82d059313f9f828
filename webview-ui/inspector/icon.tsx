/** A codicon. It is never the only word: what it means stands beside it or in the label of its button. */
export function Icon({ name, class: className = '' }: { readonly name: string; readonly class?: string }) {
  return <span class={`codicon codicon-${name} ${className}`} aria-hidden="true" />;
}

export interface IconButtonProps {
  readonly icon: string;
  readonly label: string;
  readonly onClick: () => void;
  readonly pressed?: boolean;
  readonly disabled?: boolean;
  /** shown beside the icon; the label is then only the tooltip */
  readonly text?: string;
  readonly class?: string;
}

export function IconButton({ icon, label, onClick, pressed, disabled, text, class: className = '' }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${text === undefined ? '' : 'with-text'} ${className}`}
      title={label}
      aria-label={text ?? label}
      aria-pressed={pressed}
      disabled={disabled === true}
      onClick={onClick}
    >
      <Icon name={icon} />
      {text !== undefined && <span>{text}</span>}
    </button>
  );
}
