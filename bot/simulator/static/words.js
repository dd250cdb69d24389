// What codes of the bot mean to people.

export const INTENTS = {
  find_childcare: "Busca quién cuide", find_tech_hub: "Busca internet o una computadora", find_learning: "Quiere aprender",
  inform: "Da un dato", choose_option: "Elige una opción", more_options: "Pide más opciones", affirm: "Dice que sí", deny: "Dice que no",
  ask_price: "Pregunta el precio", ask_details: "Pregunta un detalle", check_status: "Pregunta cómo va", cancel: "Cancela",
  offer_care: "Ofrece cuidar niños", update_availability: "Cambia sus horarios o sitios", rate_provider: "Califica", report_problem: "Cuenta un problema",
  emergency: "Una emergencia", talk_to_human: "Quiere hablar con una persona", help: "Pide ayuda", greet: "Saluda", thank: "Agradece",
  opt_out: "No quiere más mensajes", opt_in: "Quiere mensajes otra vez", delete_my_data: "Pide borrar sus datos", out_of_scope: "Habla de otra cosa",
};
export const SLOTS = {
  location: "lugar", landmark: "referencia", child_age: "edad", child_count: "cuántos", days: "días", time: "horas", start_date: "desde",
  price: "precio", care_type: "tipo", special_need: "necesidad", language: "idioma", amenity: "detalle", hub_service: "servicio", topic: "tema",
  option: "opción", provider: "quién", capacity: "sitios", rating: "nota",
};
export const AWAITING = {
  topic: "qué busca", where: "dónde", which_place: "cuál de los lugares", age: "la edad", when: "días y horas", days: "los días", hours: "las horas",
  human: "si quiere hablar con una persona", erase: "si borra sus datos", cancel: "si cancela", subject: "qué quiere aprender", consent: "su permiso",
  counter: "si acepta la condición", ask_again: "si pregunta otra vez", switch: "si cambia de cuidadora", which_offer: "cuál pedido", quit: "si se retira",
  relay: "la pregunta para la otra parte", rating: "una nota del 1 al 5", comment: "una frase",
};
export const EVENTS = {
  asked_next: "se pregunta a la siguiente", countered: "oye la condición", agreed: "oye que aceptaron", exhausted: "nadie pudo", quit: "oye que se retiró",
  lapsed: "se venció la condición", move_on: "se acaba el plazo de quien no contestó", follow_up: "le preguntan cómo le va", offered: "recibe el pedido",
  withdrawn: "oye que ya no hace falta", answered: "oye qué pasó con su respuesta", available_again: "le preguntan si ya tiene sitio", told: "le pasan un recado",
  ended: "oye que se terminó", reminder: "recordatorio de la víspera", left: "se retira", file_kept: "oye de su inscripción", erased: "se borra lo suyo",
  give_back: "vuelve a contestar el servicio", closed: "oye que se cerró", look_again: "se busca otra vez",
};
export const OFFERS = {
  waiting: "por enviar", sent: "le preguntaron", countered: "sí, con una condición", agreed: "dijo que sí", declined: "dijo que no",
  expired: "no contestó a tiempo", withdrawn: "retirado", ended: "terminado",
};
export const PARTS = { distance: "cercanía", price: "precio", rating: "opiniones", care_type: "tipo", special_needs: "necesidad", languages: "idioma", amenities: "detalle" };
export const ROWS = { cases: "Un caso para el equipo", consents: "Un permiso dado", requests: "Un pedido" };
export const CASES = {
  emergency: "emergencia", human: "quiere una persona", problem: "problema", no_match: "nadie pudo", chosen: "elegido", provider: "cuidadora nueva",
  too_much: "escribe demasiado", erase: "borrado", learning: "aprendizaje", consent_ask: "que cuente su pedido", consent_ask_health: "que cuente su pedido y su salud", open: "abierto", agreed: "acordado", cancelled: "cancelado", exhausted: "nadie pudo",
};
export const FAILED = { within_reach: "no hay nadie cerca", hours: "nadie atiende a esas horas", days: "nadie atiende esos días", places: "nadie tiene sitio", age: "nadie recibe esa edad" };
export const SEARCHES = { find_care: "Busca quién cuide", find_hubs: "Busca dónde hay internet", find_resources: "Busca qué enseña" };
export const STATUS = {
  accepted: "recibido por la red", queued: "en cola", sending: "saliendo", sent: "salió", delivered: "llegó", read: "lo leyó", failed: "no salió", undelivered: "no se pudo entregar",
};
