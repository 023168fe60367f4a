package abi

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"rtmpwriter/publish"
)

// Word is a number of COM as the text that the option takes. The error is a
// *publish.OptionError.
func (o Option) Word(f publish.Field, number int32) (string, error) {
	text := strconv.Itoa(int(number))
	switch o.Kind {
	case Bool:
		if number != 0 {
			return "on", nil
		}
		return "off", nil
	case Choice:
		if number < 0 || int(number) >= len(f.Choices) {
			return "", &publish.OptionError{Name: o.Name, Value: text, Reason: "must be " + NumberedChoices(f)}
		}
		return f.Choices[number], nil
	default:
		return text, nil
	}
}

// Number is a text of the option's as the number that COM shows; ok is false
// for texts.
func (o Option) Number(f publish.Field, text string) (number int32, ok bool) {
	switch o.Kind {
	case Bool:
		if text == "on" {
			return 1, true
		}
		return 0, true
	case Choice:
		i := slices.Index(f.Choices, text)
		return int32(i), i >= 0
	case Number:
		n, err := strconv.ParseInt(text, 10, 32)
		return int32(n), err == nil
	default:
		return 0, false
	}
}

// NumberedChoices says the words of an option with their numbers.
func NumberedChoices(f publish.Field) string {
	var words []string
	for i, word := range f.Choices {
		words = append(words, fmt.Sprintf("%d (%s)", i, word))
	}
	last := len(words) - 1
	return strings.Join(words[:last], ", ") + " or " + words[last]
}
