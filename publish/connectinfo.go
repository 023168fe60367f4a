package publish

import (
	"fmt"
	"strings"

	"rtmpwriter/amf0"
)

// connectInfoValue is a flat JSON object as text.
type connectInfoValue string

func (v *connectInfoValue) Set(s string) error {
	_, err := parseConnectInfo(s)
	if err == nil {
		*v = connectInfoValue(s)
	}
	return err
}
func (v *connectInfoValue) String() string { return string(*v) }
func (v *connectInfoValue) Type() string   { return "string" }

// parseConnectInfo reads a flat JSON object in its order: strings, numbers,
// true, false and null. Nothing is no object. The error tells the place.
func parseConnectInfo(text string) (amf0.Object, error) {
	if strings.TrimSpace(text) == "" {
		return nil, nil
	}
	v, err := amf0.ParseJSON([]byte(text), 1)
	if err != nil {
		return nil, err
	}
	object, ok := v.(amf0.Object)
	if !ok {
		before := text[:len(text)-len(strings.TrimLeft(text, " \t\r\n"))]
		return nil, fmt.Errorf(`must be a JSON object, {"name": value, …}, at line %d column %d`,
			strings.Count(before, "\n")+1, len(before)-strings.LastIndex(before, "\n"))
	}
	for _, p := range object {
		if _, list := p.Value.(amf0.StrictArray); list {
			return nil, fmt.Errorf("must be flat: %.40q is an array", p.Name)
		}
	}
	return object, nil
}
