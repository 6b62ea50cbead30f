"""Every slot, intent, entity and action name, once. A contract test compares this module with domain.yml both ways."""

from __future__ import annotations

# What a message says about the moment.
INTENT_PURSUE = "pursue"
INTENT_WITHDRAW = "withdraw"
INTENT_BOTH = "both"
INTENT_HEALTHY_REACH = "healthy_reach"
INTENT_HEALTHY_SPACE = "healthy_space"
INTENT_NO_MOVE = "no_move"
INTENT_DANGER = "danger"
# What a person says to a program.
INTENT_GREET = "greet"
INTENT_GOODBYE = "goodbye"
INTENT_THANKS = "thanks"
INTENT_AFFIRM = "affirm"
INTENT_DENY = "deny"
INTENT_HELP = "help"
INTENT_ASK_WHY = "ask_why"
INTENT_NOT_ME = "not_me"
INTENT_ASK_CONCEPT = "ask_concept"
INTENT_RESTART = "restart"
INTENT_TRIED = "tried"  # something was tried and did not help
INTENT_OUT_OF_SCOPE = "out_of_scope"
INTENT_FALLBACK = "nlu_fallback"
# What a button or a slash command says.
INTENT_HELP_NOW = "help_now"
INTENT_COUNTRY = "country"
INTENT_MORE = "more"
INTENT_ANOTHER = "another"
INTENT_START_PRACTICE = "start_practice"
INTENT_PRACTICE_DONE = "practice_done"
INTENT_CHECK_IN = "check_in"
INTENT_SIDE = "pick_side"
INTENT_UNSURE_REPLY = "unsure_reply"
INTENT_SKIP = "skip"
INTENT_STEADY = "steady"
# Guided exercises: each is asked for by words or by a button, and answered, left, resumed and corrected alike.
INTENT_START_SETTLE = "start_settle"
INTENT_START_LEAN_IN = "start_lean_in"
INTENT_START_PAUSE = "start_pause"
INTENT_START_SOFTEN = "start_soften"
INTENT_START_NEED = "start_need"
INTENT_START_LOOK_BACK = "start_look_back"
INTENT_START_NEUTRAL = "start_neutral"
INTENT_START_LOOP = "start_loop"
INTENT_START_PULSE = "start_pulse"
INTENT_SKILLS = "skills"
INTENT_ANSWER = "answer"
INTENT_SKIP_STEP = "skip_step"
INTENT_CHANGE_LAST = "change_last"
INTENT_LEAVE = "leave"
INTENT_GO_ON = "go_on"
# Reminders: the first two come from the clock, never from a person; the others are buttons under their cards.
INTENT_RETURN_TIME = "return_time"
INTENT_PULSE_TIME = "pulse_time"
INTENT_STOP_PULSE = "stop_pulse"
INTENT_AT_RETURN = "at_return"
# What is remembered for next time, with consent.
INTENT_KNOW = "know"
INTENT_REMEMBER = "remember"
INTENT_FORGET = "forget"
INTENT_CHANGE_FACT = "change_fact"

INTENTS = frozenset(value for name, value in dict(globals()).items() if name.startswith("INTENT_"))
# Intents that a person's client may send as a payload. The readings (pursue, danger, ...) come from words alone.
PAYLOADS = frozenset({
    INTENT_HELP_NOW, INTENT_COUNTRY, INTENT_MORE, INTENT_ANOTHER, INTENT_START_PRACTICE, INTENT_PRACTICE_DONE, INTENT_CHECK_IN,
    INTENT_SIDE, INTENT_UNSURE_REPLY, INTENT_SKIP, INTENT_STEADY,
    INTENT_ASK_WHY, INTENT_NOT_ME, INTENT_AFFIRM, INTENT_DENY, INTENT_HELP, INTENT_RESTART,
    INTENT_GREET, INTENT_SKILLS, INTENT_ANSWER, INTENT_SKIP_STEP, INTENT_CHANGE_LAST, INTENT_LEAVE, INTENT_GO_ON,
    INTENT_START_SETTLE, INTENT_START_LEAN_IN, INTENT_START_PAUSE, INTENT_START_SOFTEN, INTENT_START_NEED,
    INTENT_START_LOOK_BACK, INTENT_START_NEUTRAL, INTENT_START_LOOP, INTENT_START_PULSE,
    INTENT_STOP_PULSE, INTENT_AT_RETURN,
    INTENT_KNOW, INTENT_REMEMBER, INTENT_FORGET, INTENT_CHANGE_FACT,
})  # fmt: skip

ENTITY_VALUE = "value"
ENTITIES = frozenset({ENTITY_VALUE})

SLOT_SAID = "said"  # ids of the lines said, oldest first
SLOT_LAST_CARD = "last_card"  # the last coaching card, as JSON, for "Why this?" and "Show more"
SLOT_LAST_READING = "last_reading"  # the reading that it answered, for "Not me"
SLOT_LOCK = "safety_lock"  # kinds of danger that lock coaching; the store holds the truth
SLOT_COUNTRY = "country"  # two letters, chosen by the person
SLOT_MISSES = "misses"  # messages in a row that were not understood
SLOT_AWAITING = "awaiting"  # what a bare yes or no answers
SLOT_SIDE = "coach_side"  # the side coached last: anxious or avoidant
SLOT_PRACTICE = "practice"  # id of the practice under way
SLOT_ASKED = "asked"  # names of the questions before coaching that were asked, oldest first
SLOT_DEFERRED = "deferred"  # the reply that waits for the answer to such a question: its card and its slots
SLOT_TOLD_AT = "told_at"  # when it was last said that this is a program, as seconds since 1970
SLOT_EXERCISE = "exercise"  # where the person stands in the exercise under way
SLOT_LEFT = "left_exercises"  # exercises left before their end, by name, so that they can be gone on with
SLOT_ANSWER = "answer"  # what every form asks for; never filled, the answers stand in the exercise
SLOT_MEMORY = "memory"  # what this conversation holds for memory: whether consent was asked, and facts until it is given
SLOTS = frozenset(value for name, value in dict(globals()).items() if name.startswith("SLOT_"))

ACTION_COACH = "action_coach"
ACTION_HEALTHY = "action_healthy"
ACTION_NO_MOVE = "action_no_move"
ACTION_UNSURE = "action_unsure"
ACTION_DANGER = "action_danger"
ACTION_HELP_NOW = "action_help_now"
ACTION_STEADY = "action_steady"
ACTION_COUNTRY = "action_country"
ACTION_EVERYDAY = "action_everyday"
ACTION_YES_NO = "action_yes_no"
ACTION_WHY = "action_why"
ACTION_NOT_ME = "action_not_me"
ACTION_CONCEPT = "action_concept"
ACTION_MORE = "action_more"
ACTION_ANOTHER = "action_another"
ACTION_PRACTICE = "action_practice"
ACTION_CHECK_IN = "action_check_in"
ACTION_PICK_SIDE = "action_pick_side"
# These replace Rasa's own actions of the same name, so that nothing that was locked comes loose.
ACTION_RESTART = "action_restart"
ACTION_BACK = "action_back"
# Each exercise is a form that asks for the slot "answer" until it is over.
SKILLS = ("settle", "lean_in", "pause", "soften", "need", "look_back", "neutral", "loop", "pulse")
FORMS = frozenset(f"{skill}_form" for skill in SKILLS)
ACTION_ASK_ANSWER = "action_ask_answer"
ACTION_EXERCISE_END = "action_exercise_end"
ACTION_EXERCISE = "action_exercise"
ACTION_SKILLS = "action_skills"
ACTION_RETURN_TIME = "action_return_time"
ACTION_AT_RETURN = "action_at_return"
ACTION_STOP_PULSE = "action_stop_pulse"
ACTION_KNOW = "action_know"
ACTION_REMEMBER = "action_remember"
ACTION_FORGET = "action_forget"
ACTION_CHANGE_FACT = "action_change_fact"
# What each form runs on an answer.
VALIDATIONS = frozenset(f"validate_{form}" for form in FORMS)
ACTIONS = frozenset(value for name, value in dict(globals()).items() if name.startswith("ACTION_")) | VALIDATIONS
