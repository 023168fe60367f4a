package abi

import (
	"slices"

	"rtmpwriter/internal/com"
	"rtmpwriter/publish"
)

// Kind is how the value of an option crosses COM.
type Kind uint8

// The kinds, with the numbers that the C side knows them by.
const (
	Number Kind = iota // LONG; VT_I4 in a VARIANT
	Bool               // BOOL; VT_BOOL
	Choice             // LONG, the place of the word among the option's choices, from 0; VT_I4
	Text               // LPCWSTR; VT_BSTR
)

// Option is an option of publish as COM sees it.
type Option struct {
	// Name is the option's name in publish, for example tcp-no-delay.
	Name string
	// Method is what stands after Set and Get, for example TcpNoDelay.
	Method string
	// Property is what stands after PROPID_nanoRTMP.
	Property string
	Kind     Kind
	// Secret options but url are read back masked.
	Secret bool
	// ID is the value of PROPID_nanoRTMP… for ICodecAPI.
	ID com.GUID
}

// Options lists every option in the order of its methods.
func Options() []Option { return slices.Clone(table) }

// IndexOf finds an option by its name in publish; -1 for none.
func IndexOf(name string) int {
	return slices.IndexFunc(table, func(o Option) bool { return o.Name == name })
}

// At is the option at a place of Options; ok tells whether there is one.
func At(index int) (o Option, ok bool) {
	if index < 0 || index >= len(table) {
		return Option{}, false
	}
	return table[index], true
}

// FieldOf finds the option among the fields of publish.Options.
func (o Option) FieldOf(fields []publish.Field) (publish.Field, bool) {
	i := slices.IndexFunc(fields, func(f publish.Field) bool { return f.Name == o.Name })
	if i < 0 {
		return publish.Field{}, false
	}
	return fields[i], true
}

// KindOf tells the kind that an option of publish must have here.
func KindOf(f publish.Field) Kind {
	switch {
	case f.Choices != nil:
		return Choice
	case f.IsBool():
		return Bool
	case f.Max != 0:
		return Number
	default:
		return Text
	}
}
