package rtmptest

import "rtmpwriter/amf0"

// Property is a property of the command object of a command, nil and false
// where it has none.
func Property(command Message, name string) (value any, ok bool) {
	if args := command.Command().Args; len(args) > 0 {
		if object, is := args[0].(amf0.Object); is {
			return object.Get(name)
		}
	}
	return nil, false
}

// ChokesOn answers connect with a handler when its command object has a
// property, as servers do that can't bear one of Enhanced RTMP ("capsEx",
// "fourCcList"), and as a good server when it has not.
func ChokesOn(property string, how Handler) Handler {
	return func(s *Session, m Message) {
		if _, told := Property(m, property); told {
			how(s, m)
			return
		}
		s.answer(m)
	}
}
