-- Two conversations that a member said are one matter may turn out to be two.
grant delete on conversation_links to rapport_app;
