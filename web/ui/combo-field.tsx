// Free words helped by a list: type, choose a coded entry, or keep your own words.
import { useId } from 'react';
import { ComboBox, Input, Label, ListBox, ListBoxItem, Popover, Text } from 'react-aria-components/ComboBox';
import { useTranslation } from 'react-i18next';
import { FieldError } from './text-field.tsx';
import type { FieldFrameProps } from './text-field.tsx';
import './field.css';

export interface Suggestion {
  /** The code, unique in the list. */
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
}

export interface ComboFieldProps extends Omit<FieldFrameProps, 'aside'> {
  readonly value: string;
  /** The words, and the entry of the list they were chosen from (undefined for own words). */
  readonly onChange: (value: string, chosen: Suggestion | undefined) => void;
  readonly suggestions: readonly Suggestion[];
  /** The suggestions already answer what is typed; by default they are searched here by their words. */
  readonly searched?: boolean | undefined;
  readonly id?: string | undefined;
  readonly maxLength?: number | undefined;
}

export function ComboField(props: ComboFieldProps) {
  const { t } = useTranslation('common');
  const ownId = useId();
  const id = props.id ?? ownId;
  const wanted = props.value.trim().toLocaleLowerCase();
  const matching =
    props.searched === true
      ? props.suggestions
      : props.suggestions.filter(
          (each) => wanted === '' || `${each.label} ${each.hint ?? ''}`.toLocaleLowerCase().includes(wanted),
        );
  return (
    <ComboBox
      allowsCustomValue
      allowsEmptyCollection={false}
      className="field"
      inputValue={props.value}
      items={matching.slice(0, 60)}
      menuTrigger="input"
      onInputChange={(value) =>
        props.onChange(
          value,
          props.suggestions.find((each) => each.label === value),
        )
      }
      onSelectionChange={(key) => {
        const chosen = props.suggestions.find((each) => each.id === key);
        if (chosen) props.onChange(chosen.label, chosen);
      }}
    >
      <Label className="field-label" id={`${id}-label`}>
        {props.label}
        {props.optional === true ? <span className="field-optional"> ({t('field.optional')})</span> : null}
      </Label>
      {props.hint === undefined ? null : (
        <Text className="field-hint" slot="description">
          {props.hint}
        </Text>
      )}
      <div className="field-box">
        <Input
          aria-invalid={props.error !== undefined}
          autoCapitalize="none"
          autoComplete="off"
          id={id}
          maxLength={props.maxLength}
          spellCheck={false}
        />
      </div>
      <FieldError error={props.error} id={id} />
      <Popover className="list-box-popover" offset={4}>
        <ListBox<Suggestion> className="list-box">
          {(item) => (
            <ListBoxItem className="list-item" id={item.id} textValue={item.label}>
              {item.label}
              {item.hint === undefined ? null : <span className="list-item-hint">{item.hint}</span>}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </ComboBox>
  );
}
